// SPDX-License-Identifier: GPL-2.0-only
/* Device specifications, in all the forms people write. */
#include "test.h"
#include "xl/devspec.h"

static struct spec_error err;

static const struct good_disk {
	const char *text, *target, *vdev;
	bool readonly, cdrom;
} good_disks[] = {
	{ "/dev/vg/a,raw,xvda,rw", "/dev/vg/a", "xvda", false, false },
	{ "/dev/vg/a,,xvda", "/dev/vg/a", "xvda", false, false },
	{ "phy:/dev/x,xvda,w", "/dev/x", "xvda", false, false },
	{ "file:/a/b.img,hda,r", "/a/b.img", "hda", true, false },
	{ "raw:/a,sda1", "/a", "sda1", false, false },
	{ " /a , raw , xvdb , ro ", "/a", "xvdb", true, false },
	{ "format=raw,vdev=xvda,access=rw,target=/a,b=c", "/a,b=c", "xvda", false, false },
	{ "vdev=xvdc,target=/x", "/x", "xvdc", false, false },
	{ "phy:/x,xvdb,r,", "/x", "xvdb", true, false },
	{ "/x,raw,hdc:cdrom,w,devtype=disk", "/x", "hdc", false, false },
	{ "/a=b/c,raw,xvda", "/a=b/c", "xvda", false, false },
	{ "/iso,raw,hdc,cdrom", "/iso", "hdc", true, true },
	{ "file:/iso,hdc:cdrom,r", "/iso", "hdc", true, true },
	{ "/a,raw,xvda,w,discard,direct-io-safe,backendtype=phy,backend=0", "/a", "xvda", false,
	  false },
	/* What xend took, and what Xen's manual promises. */
	{ "tap:aio:/a,xvda,w", "/a", "xvda", false, false },
	{ "tap2:tapdisk:aio:/a,hda,r", "/a", "hda", true, false },
	{ "phy:vg/a,xvda,w", "/dev/vg/a", "xvda", false, false },
	{ "vg/a,,xvda", "/dev/vg/a", "xvda", false, false },
	{ "format=,access=,vdev=hdc,untrusted,backendtype=qdisk,specification=xen,target=/a", "/a",
	  "hdc", false, false },
	{ "/iso,,hdc,,cdrom", "/iso", "hdc", true, true },
};

static const struct bad {
	const char *text, *why;
} bad_disks[] = {
	{ "", "the target (image file or block device) is missing" },
	{ "/a", "the vdev (like xvda) is missing" },
	{ "/a,qcow2,xvda", "format \"qcow2\" is not supported: only raw is" },
	{ "/a,raw,nonsense,w", "\"nonsense\" is not a virtual device name (like xvda, hdb, sdc1 or "
	  "d0p1)" },
	{ "/a,raw,xvda,x", "access \"x\" is neither r, ro, w nor rw" },
	{ "/a,raw,xvda,w,extra", "\"extra\" is one part too many" },
	{ "/a,raw,xvda,frob=1", "\"frob\" is not something a disk has" },
	{ "qcow:/a,xvda,w", "disks with \"qcow:\" are not supported: phy: and file: are" },
	{ "vdev=xvda,vdev=xvdb,target=/a", "vdev is given twice" },
	{ "/a,raw,xvda,w,backend=drv", "only domain 0 can be the backend" },
};

static void test_disks(void)
{
	struct disk_spec d;

	for (size_t i = 0; i < sizeof(good_disks) / sizeof(good_disks[0]); i++) {
		const struct good_disk *g = &good_disks[i];

		if (!disk_parse(g->text, &d, &err)) {
			CHECK_STR(err.text, g->text);
			continue;
		}
		CHECK_STR(d.target, g->target);
		CHECK_STR(d.vdev, g->vdev);
		CHECK_EQ(d.readonly, g->readonly);
		CHECK_EQ(d.cdrom, g->cdrom);
		disk_free(&d);
	}
	for (size_t i = 0; i < sizeof(bad_disks) / sizeof(bad_disks[0]); i++) {
		CHECK(!disk_parse(bad_disks[i].text, &d, &err));
		CHECK_STR(err.text, bad_disks[i].why);
	}
}

static void test_numbers(void)
{
	static const struct {
		const char *vdev;
		uint32_t devid;		/* 0: refused */
	} numbers[] = {
		{ "xvda", 51712 }, { "xvda1", 51713 }, { "xvdb", 51728 }, { "xvdp15", 51967 },
		{ "xvdq", 1u << 28 | 16 << 8 }, { "xvda16", 1u << 28 | 16 }, { "xvdaa", 1u << 28 | 26 << 8 },
		{ "hda", 768 }, { "hdb", 832 }, { "hdc", 5632 }, { "hdd2", 5698 }, { "hde", 0 },
		{ "sda", 2048 }, { "sdb3", 2067 }, { "sdq", 0 }, { "d0", 51712 }, { "d1p2", 51730 },
		{ "d", 0 }, { "xvd", 0 }, { "xvda0", 0 }, { "xvdA", 0 }, { "xvda1x", 0 }, { "", 0 },
		{ "51712", 51712 }, { "0xca10", 51728 }, { "51712x", 0 }, { "99999999999", 0 },
		{ "xvda999999999999", 0 }, { "xvdzzzzzzzzzzzz", 0 },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint32_t devid = 0;
		bool ok = disk_vdev_number(numbers[i].vdev, &devid);

		CHECK_EQ(ok, numbers[i].devid != 0);
		if (ok)
			CHECK_EQ(devid, numbers[i].devid);
	}
}

static void test_sharing(void)
{
	struct disk_spec d;

	CHECK(disk_parse("/a,,xvda,w!", &d, &err) && d.shared && !d.readonly && !d.untrusted);
	disk_free(&d);
	CHECK(disk_parse("/a,,xvda,w,untrusted", &d, &err) && !d.shared && d.untrusted);
	disk_free(&d);
	CHECK(disk_parse("drbd:res0,xvda,w", &d, &err));
	CHECK_STR(d.script, "block-drbd");
	CHECK_STR(d.target, "res0");
	disk_free(&d);
}

static const struct bad bad_vifs[] = {
	{ "mac=00:16:3e:00:00", "\"00:16:3e:00:00\" is not a MAC address (6 pairs of hexadecimal "
	  "digits with colons)" },
	{ "mac=00:16:3e:00:00:001", "\"00:16:3e:00:00:001\" is not a MAC address (6 pairs of "
	  "hexadecimal digits with colons)" },
	{ "mac=01:16:3e:00:00:01", "the MAC address 01:16:3e:00:00:01 is a multicast address" },
	{ "bridge", "\"bridge\" is not of the form key=value" },
	{ "bridge=a,bridge=b", "bridge is given twice" },
	{ "type=ioemu", "\"type=\" is not supported" },
	{ "mtu=67", "the mtu \"67\" is not a number from 68 to 65535" },
	{ "colour=red", "\"colour\" is not something a vif has" },
	{ "rate=fast", "the rate is not like 10Mb/s or 10Mb/s@20ms" },
	{ "vifname=abcdefghijklmnop", "the vifname \"abcdefghijklmnop\" is longer than 15 "
	  "characters" },
};

static void test_rates(void)
{
	static const struct {
		const char *text;
		uint64_t bytes;		/* 0: refused */
		uint32_t usecs;
	} rates[] = {
		{ "rate=10Mb/s", 62500, 50000 }, { "rate=1GB/s@1ms", 1000000, 1000 },
		{ "rate=1MB/s@100us", 100, 100 }, { "rate=10Mb/s@2s", 2500000, 2000000 },
		{ "rate=10Mb/s@20", 25000000, 20000000 }, { "rate=1KB/s@4294s", 4294000, 4294000000 },
		{ "rate=1KB/s@4295s" }, { "rate=1b/s" }, { "rate=0MB/s" }, { "rate=10Mb/s@" },
		{ "rate=10Mb/s@0ms" }, { "rate=10Mb/s@-1s" }, { "rate=10Mb" }, { "rate=1.5Mb/s" },
		{ "rate=1000000000GB/s@4294s" }, { "rate=99999999999999999999b/s" },
	};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct vif_spec v;
		bool ok = vif_parse(rates[i].text, &v, &err);

		CHECK_EQ(ok, rates[i].bytes != 0);
		if (!ok)
			continue;
		CHECK_EQ(v.rate_bytes, rates[i].bytes);
		CHECK_EQ(v.rate_usecs, rates[i].usecs);
		vif_free(&v);
	}
}

static void test_vifs(void)
{
	struct vif_spec v;

	CHECK(vif_parse("", &v, &err) && !v.has_mac && !v.bridge);
	vif_free(&v);
	CHECK(vif_parse("mac=00:16:3E:aa:bb:cc, bridge=br0,script=vif-route,ip=10.0.0.1,vifname=v0,"
			"rate=10Mb/s@20ms,type=vif", &v, &err));
	CHECK(v.has_mac && v.mac[2] == 0x3e && v.mac[5] == 0xcc);
	CHECK_STR(v.bridge, "br0");
	CHECK_STR(v.script, "vif-route");
	CHECK_STR(v.ip, "10.0.0.1");
	CHECK_STR(v.ifname, "v0");
	CHECK_EQ(v.rate_usecs, 20000);
	CHECK_EQ(v.rate_bytes, 25000);
	vif_free(&v);
	CHECK(vif_parse("mac=0:16:3e:1:2:c", &v, &err));
	CHECK(v.has_mac && !v.mac[0] && v.mac[1] == 0x16 && v.mac[5] == 0xc);
	vif_free(&v);
	CHECK(vif_parse("model=e1000,mtu=9000,untrusted,backend=0,accel=1", &v, &err));
	CHECK(v.mtu == 9000 && v.untrusted);
	vif_free(&v);
	for (size_t i = 0; i < sizeof(bad_vifs) / sizeof(bad_vifs[0]); i++) {
		CHECK(!vif_parse(bad_vifs[i].text, &v, &err));
		CHECK_STR(err.text, bad_vifs[i].why);
	}
}

int main(void)
{
	test_disks();
	test_sharing();
	test_numbers();
	test_vifs();
	test_rates();
	return test_end();
}

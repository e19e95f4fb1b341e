#!/bin/busybox sh
# The first program of the virtual machine. Its root becomes the machine's own files, read-only by 9p, under a tmpfs that takes
# whatever is written; then stage.sh goes on there.
PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
# Asked only whether this processor starts a kernel at all.
case " $(cat /proc/cmdline) " in *' selvedge.probe '*) echo 'vm: probe' >/dev/ttyS0; poweroff -f ;; esac
for module in /modules/*.ko; do insmod "$module" || echo "vm: cannot load $module"; done
fail() { echo "vm: $*" >/dev/ttyS0; poweroff -f; }
share=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o "$share,ro,cache=loose" files /lower || fail 'no files of the machine'
mount -t tmpfs -o size=60% tmpfs /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /root || fail 'no overlay'
mkdir -p /root/vm /root/usr/lib/modules
mount -t tmpfs tmpfs /root/vm
mkdir /root/vm/job /root/vm/compiled
mount -t 9p -o "$share,cache=none" job /root/vm/job || fail 'no job'
mount -t 9p -o "$share,cache=loose" compiled /root/vm/compiled || fail 'no folder for what is compiled'
mount -t 9p -o "$share,ro,cache=loose" modules /root/usr/lib/modules || fail 'no modules'
umount /proc /sys
mount --move /dev /root/dev
exec switch_root /root /bin/bash /vm/job/stage.sh

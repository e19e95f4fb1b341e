#!/bin/sh
# Boots a systemd of this machine in namespaces of its own, over what stands on its disk, with nothing but the units of FOLDER/units, of
# which FOLDER/wants has a name a line. FOLDER/prepare runs before it, FOLDER/etc lies over /etc, and /told is FOLDER/told.
#     unshare --mount --pid --net --ipc --uts --cgroup --fork --kill-child sh boot-under-systemd.sh FOLDER
set -eu
folder=$1
mount --make-rprivate /
mkdir "$folder/system"
mount -t tmpfs none "$folder/system"
mkdir "$folder/system/upper" "$folder/system/work" "$folder/system/root"
root=$folder/system/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/system/upper,workdir=$folder/system/work" "$root"
mount -t proc proc "$root/proc"
mount -o bind,ro /proc/sys "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs none "$root/sys/fs/cgroup"
mount -t cgroup2 none "$root/sys/fs/cgroup"
for place in run tmp dev etc/systemd/system; do mount -t tmpfs none "$root/$place"; done
for device in null zero random urandom; do cp -a "/dev/$device" "$root/dev/"; done
mkdir "$root/dev/shm" "$root/dev/pts"
# Nothing of this machine begins.
for place in "$root"/usr/lib/systemd/system/*.wants "$root"/usr/lib/systemd/system-generators; do mount -t tmpfs none "$place"; done
cp -r "$folder/etc/." "$root/etc/"
cp "$folder"/units/* "$root/etc/systemd/system/"
mkdir "$root/etc/systemd/system/multi-user.target.wants" "$root/told"
while read -r unit; do ln -s "../$unit" "$root/etc/systemd/system/multi-user.target.wants/"; done < "$folder/wants"
mount --bind "$folder/told" "$root/told"
sh "$folder/prepare"
cd "$root"
exec chroot "$root" env container=other /usr/lib/systemd/systemd --system --unit=multi-user.target --log-target=console

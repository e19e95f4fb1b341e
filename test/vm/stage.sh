#!/bin/bash
# The machine's files are the root now. Runs the command of the job, leaves its exit status there, and switches off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /dev/pts /dev/shm /run/tmp
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run/tmp
ln -sf /proc/self/fd /dev/fd
hostname selvedge-vm
ip link set lo up
# As on a node: the runtime or the distribution has loaded these.
for module in br_netfilter nf_conntrack veth vxlan; do modprobe "$module"; done
# An nft of another suite takes the place of the machine's own.
[ -f /vm/job/nft ] && cp /vm/job/nft /usr/sbin/nft && chmod 755 /usr/sbin/nft
# Plain lines: a terminal would turn each newline into two characters.
stty -F /dev/ttyS0 raw
{
  echo "vm: Linux $(uname -r), $(nft --version), up in $(cut -d' ' -f1 /proc/uptime) s"
  . /vm/job/environment
  cd "$DIRECTORY" && /bin/bash /vm/job/command
  echo $? >/vm/job/status
} </dev/null 2>&1 | cat >/dev/ttyS0
sync
echo o >/proc/sysrq-trigger
sleep 60

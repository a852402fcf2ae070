#!/bin/bash
# A host, a stranger and a container, each in a network namespace of its own, joined by cables; run under "unshare -rn", so that
# no network but this one exists. The host publishes the container's port 8080 as 3001, as Docker does.
# Usage: netns-probe.sh NODE RULES-COMMAND... ; prints for each address and port whether the stranger gets through.
set -eu
# Where the tools are for who is not root.
PATH=$PATH:/usr/sbin:/sbin
node=$1
shift
serve='const net=require("node:net");for(const port of process.argv.slice(1))net.createServer((s)=>s.on("error",()=>{}).end("hello")).listen(Number(port),"::")'
ask='const net=require("node:net");const [host,port]=process.argv.slice(1);const s=net.connect({host,port:Number(port)});const end=(w)=>{process.stdout.write(`${host} ${port} ${w}\n`);process.exit(0)};s.on("data",()=>end("open"));s.on("error",()=>end("closed"));setTimeout(()=>end("dropped"),1500)'
unshare -n sleep 30 >/dev/null 2>&1 & stranger=$!
unshare -n sleep 30 >/dev/null 2>&1 & container=$!
trap 'kill $stranger $container $(jobs -p) 2>/dev/null || true' EXIT
while [ "$(readlink /proc/$stranger/ns/net)" = "$(readlink /proc/self/ns/net)" ] || [ "$(readlink /proc/$container/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link set lo up
ip link add outside type veth peer name eth0 netns $stranger
ip link add bridge type veth peer name eth0 netns $container
ip addr add 198.51.100.1/24 dev outside
ip addr add 2001:db8::1/64 dev outside nodad
ip addr add 172.31.0.1/24 dev bridge
ip link set outside up
ip link set bridge up
inside() { nsenter -t "$1" -n "${@:2}"; }
inside $stranger ip addr add 198.51.100.2/24 dev eth0
inside $stranger ip addr add 2001:db8::2/64 dev eth0 nodad
inside $stranger ip link set eth0 up
inside $container ip addr add 172.31.0.2/24 dev eth0
inside $container ip link set eth0 up
inside $container ip route add default via 172.31.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<'NFT'
table ip docker_like {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    fib daddr type local tcp dport 3001 dnat to 172.31.0.2:8080
  }
}
NFT
inside $container "$node" -e "$serve" 8080 &
"$node" -e "$serve" 443 3001 8443 22 &
for port in 443 3001 8443; do until (exec 3<>/dev/tcp/::1/$port) 2>/dev/null; do sleep 0.05; done; done
until (exec 3<>/dev/tcp/172.31.0.2/8080) 2>/dev/null; do sleep 0.05; done
"$@"
asked=()
for host in 198.51.100.1 2001:db8::1; do
  for port in 443 3001 8443 22; do
    inside $stranger "$node" -e "$ask" $host $port &
    asked+=($!)
  done
done
"$node" -e "$ask" 127.0.0.1 443 &
wait "${asked[@]}" $!

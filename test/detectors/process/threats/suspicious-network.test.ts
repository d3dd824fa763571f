// Tunnels, scans, guessing and listening in are found; plain use of ssh, nmap and tcpdump by a person is not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'masscan 10.0.0.0/8 -p80 --rate 10000',
  'hydra -l root -P words.txt ssh://10.9.8.7',
  'for p in $(cat words); do sshpass -p $p ssh root@10.9.8.7 id; done',
  'responder -I eth0',
  'bettercap -iface eth0',
  'tcpdump -i any -w /dev/shm/.p ',
  "python3 -c 'import socket;s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW);print(s.recv(9))'",
  'arpspoof -i eth0 -t 10.0.0.1 10.0.0.2',
  'nmap -sS 10.0.0.0/8 --script=vuln',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('masscan 10.0.0.0/8 -p80 --rate 10000').category).toBe('suspicious_network');
});

test.each([
  'nmap -p 443 web1',
  'tcpdump -i eth0 port 53',
  'tcpdump -i eth0 -w trace.pcap',
  'sshpass -f pw ssh web1 uptime',
  'tshark -r trace.pcap',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

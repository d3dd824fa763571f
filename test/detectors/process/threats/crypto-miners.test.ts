// Miners are found by their name, their pool or their options; a word like "miner" in an honest name is not enough.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'xmrig -o pool.example.org:3333 -u wallet -p x',
  '/tmp/.X11-unix/kworker -o stratum+tcp://10.9.8.7:4444 -u w.1 -p x',
  './a --algo rx/0 --url 10.9.8.7:443 --tls --user a --donate-level 1',
  '/usr/bin/java-update --algo=ghostrider --url=pool.example.net:5300 --user=R.worker',
  'ethminer -P stratum1+ssl://0xabc.rig@eu.example.org:5555',
  'lolMiner --algo ETCHASH --pool etc.example.net:1010 --user w.rig',
  'teamredminer -a kawpow -o stratum+tcp://rvn.example.org:3838 -u w.r -p x',
  'SRBMiner-MULTI --algorithm verushash --pool vrsc.example.net:3956 --wallet w',
  'docker run -d --name web quay.example/acme/xmrig:latest --donate-level 0',
  'sh -c "cd /dev/shm && ./x -a cn/r -o 10.9.8.7:8080 -u 44abcdef -k --nicehash"',
  'nohup ./sysd --coin monero --url 10.9.8.7:3333 --user x &',
  'cpuminer-opt -a yespower -o stratum+tcp://10.9.8.7:6234 -u w',
  'bzminer -a kaspa -w kaspa:w -p stratum+tcp://10.9.8.7:5555',
  'python3 miner.py --url stratum+tcp://10.9.8.7:3333',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('xmrig -o pool.example.org:3333 -u wallet -p x').category).toBe('crypto_miners');
});

test.each([
  'node /srv/data-miner/index.js',
  'python3 text_miner.py --input docs',
  'grep -r stratum+tcp /etc',
  'pkill xmrig',
  'apt install cpuminer',
  'git clone https://example.org/xmrig/xmrig.git',
  'psql -U miner -h db:5432',
  'redis-server --port 3333',
  'curl -u user:x https://pool.example.org:8443/api',
  'rsync -a host:3333 .',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

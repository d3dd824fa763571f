// Sessions are told apart by the browser that opened them.
import { expect, test } from 'vitest';
import { sayBrowser } from '../../../../web/console/values/browser-words.ts';

const like = 'Mozilla/5.0';
const engine = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  {
    says: 'Chrome 156 on Linux',
    agent: `${like} (X11; Linux x86_64) ${engine} HeadlessChrome/156.0.0.0 Safari/537.36`,
  },
  { says: 'Edge 140 on Windows', agent: `${like} (Windows NT 10.0) ${engine} Chrome/140.0 Safari/537.36 Edg/140.0` },
  {
    says: 'Firefox 141 on macOS',
    agent: `${like} (Macintosh; Intel Mac OS X 10.15; rv:141.0) Gecko/20100101 Firefox/141.0`,
  },
  {
    says: 'Safari 18 on iOS',
    agent: `${like} (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${engine} Version/18.5 Mobile/15E148 Safari/604.1`,
  },
  { says: 'Chrome 156 on Android', agent: `${like} (Linux; Android 16) ${engine} Chrome/156.0 Mobile Safari/537.36` },
  { says: 'curl/8.14.1', agent: 'curl/8.14.1' },
  { says: '', agent: '' },
])('$agent is $says', ({ says, agent }) => {
  expect(sayBrowser(agent)).toBe(says);
});

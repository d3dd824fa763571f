// Grafana's settings and provisioning say what the control plane and the dashboards rest on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../compose/place.ts';
import { grafanaRoot, webauth } from '../../core/contracts/grafana.ts';
import { datasource } from '../../grafana/build/query.ts';

const read = (path: string) => readFileSync(join(root, 'grafana', path), 'utf8');

/** `section.key` → value. */
function settingsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    if (name !== undefined) section = `${name}.`;
    const [, key, value] = /^([a-z_]+) = (.+)$/.exec(line) ?? [];
    if (key !== undefined) found.set(section + key, value!);
  }
  return found;
}

describe('grafana.ini', () => {
  const settings = settingsOf(read('grafana.ini'));

  test.each([
    ['auth.proxy.enabled', 'true'],
    ['auth.proxy.sync_ttl', '0'],
    ['auth.proxy.enable_login_token', 'false'],
    ['auth.disable_login_form', 'true'],
    ['auth.basic.enabled', 'false'],
    ['auth.anonymous.enabled', 'false'],
    ['security.disable_initial_admin_creation', 'true'],
    ['users.allow_sign_up', 'false'],
    ['users.auto_assign_org_role', 'Viewer'],
    ['server.serve_from_sub_path', 'true'],
    ['live.max_connections', '0'],
    ['public_dashboards.enabled', 'false'],
    ['snapshots.external_enabled', 'false'],
    ['panels.disable_sanitize_html', 'false'],
    ['plugins.plugin_admin_enabled', 'false'],
    ['plugins.preinstall_disabled', 'true'],
    ['analytics.reporting_enabled', 'false'],
    ['analytics.check_for_updates', 'false'],
    ['analytics.check_for_plugin_updates', 'false'],
    ['news.news_feed_enabled', 'false'],
    ['security.disable_gravatar', 'true'],
  ])('%s is %s', (key, value) => {
    expect(settings.get(key)).toBe(value);
  });

  test('serves where the control plane looks for it, and reads the headers that it sets', () => {
    expect(settings.get('server.root_url')).toMatch(new RegExp(`${grafanaRoot}/$`));
    expect(settings.get('auth.proxy.header_name')!.toLowerCase()).toBe(webauth.user);
    expect(settings.get('auth.proxy.headers')!.toLowerCase()).toBe(`name:${webauth.name} role:${webauth.role}`);
  });

  test('no secret stands in it: the key is read from a file, and without it nothing starts', () => {
    expect(settings.get('security.secret_key')).toMatch(/^\$__file\{\/.+\}$/);
    expect(
      [...settings.keys()].filter((key) => /password|token$/.test(key) && !/enable_login_token/.test(key)),
    ).toEqual([]);
  });
});

describe('provisioning', () => {
  test('the data source is the one that every panel names', () => {
    const text = read('provisioning/datasources/odyssey.yml');
    expect(text).toContain(`uid: ${datasource.uid}`);
    expect(text).toContain(`type: ${datasource.type}`);
    expect(text).toMatch(/url: \$\{PROMETHEUS_URL\}/);
  });

  test('dashboards come from where the settings take the home dashboard from, and may be edited', () => {
    const text = read('provisioning/dashboards/odyssey.yml');
    const [, path] = /path: (\S+)/.exec(text)!;
    const home = settingsOf(read('grafana.ini')).get('dashboards.default_home_dashboard_path');
    expect(home).toBe(`${path}/overview.json`);
    expect(text).toMatch(/allowUiUpdates: true/);
  });
});

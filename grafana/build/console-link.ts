// Links from a value to the console: its page with the table narrowed to that value, as the page itself writes it into its address.

/** `table` is the name under which the page keeps its filter, `more` what else stands in the address. */
export function inConsole(page: string, table = 't', more = '') {
  return { title: 'In the console', url: `$console${page}?${more}${table}.q=\${__value.text}` };
}

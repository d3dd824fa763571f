// Parsing that refuses: nonsense throws here, so that it is never passed on as NaN or 0.

/** A finite decimal number, surrounding white space allowed; throws on anything else, the empty string included. */
export function parseNumber(text: string | undefined): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`not a number: ${JSON.stringify(text?.slice(0, 80))}`);
  return value;
}

/** A whole number that fits a double exactly; throws on anything else. */
export function parseInteger(text: string | undefined): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${JSON.stringify(text?.slice(0, 80))}`);
  return value;
}

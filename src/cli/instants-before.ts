/** When something of an age in seconds was, at this time in milliseconds: RFC 3339 in UTC, in whole seconds, as the API dates pods. */
export function instantsBefore(now: number): (age: number) => string {
  return (age) => `${new Date(now - age * 1000).toISOString().slice(0, 19)}Z`
}

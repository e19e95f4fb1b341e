/** The six bytes of a MAC address such as 02:44:00:01:00:02. */
export function readMac(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw new TypeError(`not a MAC address: ${text}`)
  return Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16))
}

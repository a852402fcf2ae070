/** A name as it is compared: no two users differ by case or by the form of a letter alone. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase()
}

/**
 * A name as it is compared: no two users differ by case, by width or by the form of a letter alone. Upper case first,
 * since lower case alone keeps apart what is one letter to a reader, such as the two small sigmas.
 */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}

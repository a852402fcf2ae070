/* The sentences of the dialog about how long requests wait; loaded with it. */

export const timeoutText = {
  title: 'How long requests wait',
  text: 'A request that nobody decides on is denied after this time.',
  label: 'Waiting time',
  server: 'As the server says',
  choices: { 300: '5 minutes', 900: '15 minutes', 3600: '1 hour', 28800: '8 hours', 0: 'As long as the session lives' },
  seconds: (seconds: string) => `${seconds} seconds`,
  failed: 'The time was not changed',
}

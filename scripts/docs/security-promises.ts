import { attack, integration, type PromisePart } from './security-proofs.ts'

/** What is promised against whoever can send something to the server. */
export const PROMISES_OUTSIDE: readonly PromisePart[] = [
  {
    title: 'Who gets in',
    promises: [
      {
        text: 'Nothing answers a stranger but the documented public routes.',
        proofs: [attack('leaks', 'a stranger reaches the documented public routes and no other')],
      },
      {
        text: 'The first account needs the code that the host’s terminal shows, and nobody registers after it.',
        proofs: [
          integration('accounts', 'the first account needs the setup code of the host'),
          attack('accounts', 'nobody registers once there is an owner'),
        ],
      },
      {
        text: 'Guessing at passwords is slowed down by account and by network, and never for a browser that signed in before.',
        proofs: [
          attack('accounts', 'of 200 guesses at one account few are looked at'),
          integration(
            'brute-force',
            'while strangers guess, a browser that signed in before gets in, what is signed in goes on, and the rest waits its time',
          ),
        ],
      },
      {
        text: 'An unknown user and a wrong password cannot be told apart, by the answer or by its time.',
        proofs: [
          attack('accounts', 'an unknown name and a wrong password are answered alike, headers included'),
          integration('brute-force', 'an unknown user, a wrong password and an old hash take as long'),
        ],
      },
      {
        text: 'An access token is good in its exact form alone: one algorithm, our key, issuer, audience, type and times.',
        proofs: [attack('tokens', 'opens nothing'), integration('token-attacks', '%s opens nothing')],
      },
      {
        text: 'A refresh token works once. A second use ends the login on every device that has it.',
        proofs: [integration('accounts', 'a refresh token used twice ends the whole login, tokens and sockets, and no other')],
      },
      {
        text: 'Signing out ends the token and its sockets at once.',
        proofs: [attack('accounts', 'signing out ends the access token and its sockets at once')],
      },
      {
        text: 'Codes of authenticator apps and recovery codes work once.',
        proofs: [integration('second-factors', 'a sign-in asks for the code, takes each once, and remembers how it was proven')],
      },
      {
        text: 'Signing keys can be changed while the server runs, without anybody being signed out.',
        proofs: [integration('key-rotation', 'a rotation beside a running server signs nobody out, and new tokens have the new key')],
      },
    ],
  },
  {
    title: 'What they may do',
    promises: [
      {
        text: 'Every route, socket and message does what the table of permissions says, for every role and kind of key.',
        proofs: [
          integration('permission-walk', 'each route refuses and lets through whom the table says'),
          integration('permission-walk', 'each message is taken from whom the table says'),
        ],
      },
      {
        text: 'What belongs to somebody else is answered like what does not exist.',
        proofs: [
          integration('data-separation', 'no route lets a $role at what belongs to somebody else'),
          integration('data-separation', 'a $role cannot tell what belongs to somebody else from what does not exist'),
          attack('leaks', 'ids of somebody else are answered like ids of nothing'),
        ],
      },
      {
        text: 'An API key does what its scopes say and never more than its owner may at that moment.',
        proofs: [
          attack('tokens', 'a key that may only read decides nothing, starts nothing and makes no key'),
          integration('api-key-scopes', 'a key can do no more than whoever makes it, neither then nor later'),
        ],
      },
      {
        text: 'What changes who may do what needs a proof of at most five minutes ago.',
        proofs: [integration('step-up', 'the password makes this login fresh for five minutes, once, and leaves its socket open')],
      },
    ],
  },
  {
    title: 'HTTP',
    promises: [
      {
        text: 'A name that is not the server’s own is refused, so that no page can reach it by DNS rebinding.',
        proofs: [attack('hosts', 'another name for the server is refused (DNS rebinding)')],
      },
      {
        text: 'No other origin reads an answer or changes anything, also with the cookies of its victim.',
        proofs: [
          attack('headers', 'no other origin may read an answer'),
          attack('headers', 'a form of another site changes nothing, also with the cookies of its victim'),
        ],
      },
      {
        text: 'Every answer has the headers that protect it: a content security policy without inline or evaluated script, no framing, no sniffing, no referrer.',
        proofs: [
          attack('headers', 'every class of answer has the headers that protect it, and none that tells about us'),
          attack('headers', 'the policy for scripts has no hole: none inline, none evaluated, none from elsewhere'),
        ],
      },
      {
        text: 'Requests are limited by class for each user and each address, and every answer says what is left.',
        proofs: [
          attack('limits', 'a user who asks for dear things without end is refused, from whatever address, and nobody else is'),
          integration('rate-limits', 'every route tells its class with its answer, and what is public says its class itself'),
        ],
      },
      {
        text: 'Browsers report what the content security policy blocked, and nothing that somebody wrote gets from there into the log.',
        proofs: [integration('csp-reports', 'both forms are taken, told once an hour each kind, without what was in their addresses')],
      },
      {
        text: 'What a stranger claims in forwarded headers is not believed.',
        proofs: [
          attack('hosts', 'what a stranger says about the name of the server changes no answer'),
          attack('hosts', 'who claims to be local is no one'),
        ],
      },
      {
        text: 'A request that two readers would cut differently is refused.',
        proofs: [attack('hosts', 'a request that two readers would cut differently is refused, and nothing after it is served')],
      },
      {
        text: 'Bodies, headers and addresses have limits, and a compressed body is not unpacked.',
        proofs: [
          attack('limits', 'a body over the limit is refused on every route'),
          attack('injection', 'a compressed body is refused, not unpacked'),
        ],
      },
      {
        text: 'No request, however it is made up, ends in a failure of the server or is kept in its memory.',
        proofs: [['test/security/fuzz-routes.test.ts', 'no request to any route ends in a failure of the server, and memory stays flat']],
      },
    ],
  },
  {
    title: 'WebSocket',
    promises: [
      {
        text: 'A socket opens to a token or a ticket from our own origin alone, and a ticket is good once.',
        proofs: [
          attack('sockets', 'a page of another site opens no socket, also with a token that is good'),
          attack('sockets', 'a ticket is good once'),
        ],
      },
      {
        text: 'A token in an address reaches no log.',
        proofs: [attack('sockets', 'a token in the address of a socket reaches no log')],
      },
      {
        text: 'Messages that are too large, too many, in too many pieces, badly coded or packed ever so small end their socket and nothing else.',
        proofs: [
          attack('frames', 'a message of 2 MiB ends its socket'),
          attack('frames', 'a small compressed message that unpacks to 100 MiB ends its socket'),
          attack('frames', 'fifty thousand pieces of one message end its socket'),
        ],
      },
      {
        text: 'A socket whose login ended is obeyed no more.',
        proofs: [integration('hostile-connections', 'a socket whose login ended decides nothing any more, also while it closes')],
      },
    ],
  },
]

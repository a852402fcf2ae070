/**
 * Secrets as people and agents write them: the secret, and a text that holds it. Put together from parts where they would
 * look like the real thing to a scanner; all are made up.
 */
export const SECRET_CORPUS: readonly (readonly [secret: string, text: string])[] = [
  ...commands(),
  ...headers(),
  ...assignments(),
  ...addresses(),
  ...keys(),
  ...tokens().map((token) => [token, `deploy --with ${token} now`] as const),
]

type Sample = readonly [string, string]

function commands(): Sample[] {
  return [
    ['hunter2my', 'mysql -uroot -phunter2my shop'],
    ['two words my', "mysqldump --single-transaction -u root -p'two words my' shop"],
    ['hunter2cu', 'curl -u ada:hunter2cu https://example.test'],
    ['hunter2cv', 'curl -sSu ada:hunter2cv https://example.test'],
    ['hunter2cw', "curl --user 'ada:hunter2cw' https://example.test"],
    ['hunter2cx', 'curl --proxy-user=ada:hunter2cx https://example.test'],
    ['hunter2ck', "curl -b 'sid=hunter2ck' https://example.test"],
    ['hunter2ht', 'http -a ada:hunter2ht example.test'],
    ['hunter2lo', 'deploy --password hunter2lo --force'],
    ['hunter2lp', 'deploy --password=hunter2lp --force'],
    ['hunter2tk', 'deploy --token=hunter2tk'],
    ['hunter2tl', 'deploy --auth-token "hunter2tl"'],
    ['a b c d e', 'deploy --passphrase "a b c d e"'],
    ['hunter2ak', 'deploy --api-key hunter2ak'],
    ['hunter2ss', 'sshpass -p hunter2ss ssh host'],
    ['hunter2do', 'docker login -u ada -p hunter2do registry.test'],
    ['hunter2re', 'redis-cli -h cache -a hunter2re ping'],
    ['hunter2ld', 'ldapsearch -D cn=admin -w hunter2ld'],
    ['hunter2os', 'openssl rsa -in k.pem -passin pass:hunter2os'],
    ['hunter2hp', 'htpasswd -nb ada hunter2hp > x; htpasswd -cb users ada hunter2hp'],
    ['hunter2sq', `psql -c "ALTER USER ada WITH PASSWORD 'hunter2sq'"`],
    ['hunter2id', `mysql -e "CREATE USER ada IDENTIFIED BY 'hunter2id'"`],
    ['hunter2ne', 'echo "machine x login ada password hunter2ne" >> ~/.netrc'],
  ]
}

function headers(): Sample[] {
  return [
    ['abcdefgh12345678', 'curl -H "Authorization: Bearer abcdefgh12345678" x'],
    ['onlyletters', 'curl -H "Authorization: Bearer onlyletters" x'],
    ['sTuVwXyZ', 'the agent sent bearer sTuVwXyZ to x'],
    ['YWRhOmh1bnRlcjI=', 'Authorization: Basic YWRhOmh1bnRlcjI='],
    ['YWRhOmh1bnRlcjM=', 'proxy wants Basic YWRhOmh1bnRlcjM='],
    ['0123abcd4567ef', 'Authorization: Digest username="ada", response="0123abcd4567ef"'],
    ['v4lu3-v4lu3', '{"authorization":"token v4lu3-v4lu3"}'],
    ['s3ss10n-a', 'Cookie: theme=dark; sid=s3ss10n-a'],
    ['s3ss11n-b', `curl -H 'Set-Cookie: sid=s3ss11n-b; Path=/' x`],
    ['hunter2xk', 'curl -H "X-Api-Key: hunter2xk" x'],
    ['r3fr3sh-t0k3n', 'acu_refresh_ab12=r3fr3sh-t0k3n'],
  ]
}

function assignments(): Sample[] {
  return [
    ['x#7', 'PASSWORD=x#7 cmd'],
    ['hunter2db', 'DB_PASSWORD=hunter2db psql'],
    ['hunter2pg', 'PGPASSWORD="hunter2pg" psql'],
    ['hunter2pa', 'export ADMIN_PASS=hunter2pa'],
    ['hunter2pw', 'MYSQL_PWD=hunter2pw mysql'],
    ['abcdefghijklmnop', 'export AWS_SECRET_ACCESS_KEY=abcdefghijklmnop'],
    ['abcdefghijklmnoq', 'SIGNING_KEY=abcdefghijklmnoq node x'],
    ['hunter2js', '{"apiKey": "hunter2js"}'],
    ['with some words', '{"password":"with some words"}'],
    ['hunter2es', String.raw`"{\"clientSecret\":\"hunter2es\"}"`],
    ['hunter2ya', 'password: hunter2ya'],
    ['hunter2cs', 'Server=db;User Id=sa;Password=hunter2cs;Encrypt=true'],
    ['hunter2ct', 'Server=db;Uid=sa;Pwd=hunter2ct;'],
    ['aGVsbG8gd29ybGQgaGVsbG8=', 'DefaultEndpointsProtocol=https;AccountKey=aGVsbG8gd29ybGQgaGVsbG8='],
    ['hunter2nt', '//registry.test/:_authToken=hunter2nt'],
  ]
}

function addresses(): Sample[] {
  return [
    ['hunter2ur', 'https://ada:hunter2ur@example.test/x'],
    ['p@ss:w0rd', 'postgres://ada:p@ss:w0rd@db:5432/shop'],
    ['hunter2mo', 'mongodb+srv://ada:hunter2mo@cluster.test/shop?retryWrites=true'],
    ['hunter2rd', 'redis://:hunter2rd@cache:6379/0'],
    ['0123456789abcdef01234567', 'git clone https://0123456789abcdef01234567@example.test/x.git'],
    ['hunter2qt', 'https://example.test/x?access_token=hunter2qt&y=1'],
    ['SETUPCODE12', 'http://localhost:3000/#setup=SETUPCODE12'],
    ['s1gn4tur3x', 'https://store.test/x?se=2026&sig=s1gn4tur3x'],
    ['T00000000/B00000000/XXXXXXXXXXXX', ['https://hooks.slack', 'com/services/T00000000/B00000000/XXXXXXXXXXXX'].join('.')],
  ]
}

function keys(): Sample[] {
  const pem = (kind: string, body: string) => `echo "-----BEGIN ${kind}PRIVATE KEY-----${body}-----END ${kind}PRIVATE KEY-----" > k`
  return [
    ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAA', pem('OPENSSH ', '\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAA\n')],
    ['c2VjcmV0c2VjcmV0c2Vj', pem('RSA ', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\nc2VjcmV0c2VjcmV0c2Vj\n')],
    ['MC4CAQAwBQYDK2VwBCIEIA', pem('', String.raw`\nMC4CAQAwBQYDK2VwBCIEIA\n`)],
    ['bGFzdHNlY3JldGxhc3Q', ['-----BEGIN EC', 'PRIVATE KEY-----\nbGFzdHNlY3JldGxhc3Q'].join(' ')],
  ]
}

function tokens(): string[] {
  const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'
  return [
    `acu_${letters}abcdefg`,
    ['sk', 'ant', 'api03', letters].join('-'),
    ['sk', 'proj', letters].join('-'),
    ['ghp', letters].join('_'),
    ['github', 'pat', letters].join('_'),
    ['glpat', letters.slice(0, 20)].join('-'),
    ['xoxb', '1234567890', letters.slice(0, 24)].join('-'),
    ['xapp', '1', 'A0', letters].join('-'),
    ['sk', 'live', letters.slice(0, 24)].join('_'),
    ['rk', 'test', letters.slice(0, 24)].join('_'),
    ['whsec', letters.slice(0, 32)].join('_'),
    ['npm', letters].join('_'),
    ['hf', letters.slice(0, 34)].join('_'),
    ['pypi', `AgEI${letters}`].join('-'),
    ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
    ['AIza', 'SyD-abcdefghijklmnopqrstuvwxyz01234'].join(''),
    ['ya29', letters].join('.'),
    ['GOCSPX', letters.slice(0, 28)].join('-'),
    ['SG', letters.slice(0, 22), letters].join('.'),
    ['hvs', letters].join('.'),
    ['AGE-SECRET-KEY', `1${letters.toUpperCase()}`].join('-'),
    '123456789:AAabcdefghijklmnopqrstuvwxyz0123456',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLWJ5dGVz',
    'eyJhbGciOiJSU0EtT0FFUCJ9.a2V5a2V5.aXZpdml2.Y2lwaGVydGV4dA.dGFndGFn',
  ]
}

import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/platform/public-address.ts';
import { publicUrlFlaw } from '../../src/platform/public-url.ts';

/** The edges of every block that is not global, and the addresses next to them. */
const NOT_PUBLIC = `
  0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255
  127.0.0.0 127.0.0.1 127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255
  172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.1 192.88.99.1 192.168.0.0
  192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
  239.255.255.255 240.0.0.0 255.255.255.255
  :: ::1 ::2 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8
  64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
  2001::1 2001:0:7f00:1:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8::1
  2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2002:: 2002:7f00:1:: 2002:a9fe:a9fe::1
  2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff
  4000:: 5f00::1 fc00::1 fd00:ec2::254 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80::1
  febf::1 fec0::1 ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
`;

const PUBLIC = `
  1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255
  128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0
  192.0.3.0 192.88.98.255 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
  2000:: 2001:200:: 2001:4860:4860::8888 2001:db7:ffff:: 2001:db9:: 2003:: 2606:4700::1111
  2A00:1450:4001:81B::200E 3ffe:ffff:: 3fff:1000::
`;

const NONE = [
  '',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '08.8.8.8',
  '8.8.8.08',
  '0x8.8.8.8',
  '134744072',
  ' 8.8.8.8',
  '8.8.8.8 ',
  '8.8.8.8.',
  '-8.8.8.8',
  '1e2.8.8.8',
  '8.8.8.8/32',
  '８.8.8.8',
  ':',
  ':::',
  '2000',
  '2000:',
  '2000::1::2',
  '2000:1:2:3:4:5:6',
  '2000:1:2:3:4:5:6:7:8',
  '2000:1:2:3:4:5:6:7::',
  '2000::12345',
  '2000::g',
  '2000::1%eth0',
  '[2000::1]',
  '2000::8.8.8',
  'example.com',
];

const words = (text: string) => text.trim().split(/\s+/);

describe('in the public internet', () => {
  it.each(words(PUBLIC))('lies %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...words(NOT_PUBLIC), ...NONE])('lies not %j', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a URL on behalf of an issuer', () => {
  it.each([
    'https://hooks.example.com',
    'https://hooks.example.com/a/b?c=d#e',
    'https://hooks.example.com:443/',
    'https://hooks.example.com:1024/',
    'https://hooks.example.com:65535?x',
    'HTTPS://Hooks.Example.COM/',
    'https://a-b_c.example.co.uk/',
    'https://xn--fiq228c.xn--fiqs8s/',
  ])('may be %s', (url) => {
    expect(publicUrlFlaw(url)).toBeNull();
  });

  it.each([
    ['', 'https'],
    ['hooks.example.com', 'https'],
    ['http://hooks.example.com/', 'https'],
    ['file:///etc/passwd', 'https'],
    ['https://', 'https'],
    ['https://hooks.example.com:65536/', 'https'],
    [`https://hooks.example.com/${'x'.repeat(2000)}`, 'https'],
    ['https://@hooks.example.com/', 'plainly'],
    ['https://user@hooks.example.com/', 'plainly'],
    ['https://hooks.example.com:@10.0.0.1/', 'plainly'],
    ['https://hooks.example.com\\@10.0.0.1/', 'plainly'],
    ['https:\\\\hooks.example.com/', 'plainly'],
    ['https:/hooks.example.com/', 'plainly'],
    ['https:///hooks.example.com/', 'plainly'],
    [' https://hooks.example.com/', 'plainly'],
    ['https://hooks.example.com/ ', 'plainly'],
    ['https://hooks.exa\tmple.com/', 'plainly'],
    ['https://hooks.example.com/\n', 'plainly'],
    ['https://hooks.example.com/ä', 'plainly'],
    ['https://hooks.example.com:08443/', 'plainly'],
    ['https://hooks.%65xample.com/', 'plainly'],
    ['https://ｈooks.example.com/', 'plainly'],
    ['https://中文.example/', 'plainly'],
    ['https://2130706433/', 'plainly'],
    ['https://0x7f000001/', 'plainly'],
    ['https://0177.0.0.1/', 'plainly'],
    ['https://127.1/', 'plainly'],
    ['https://127.0.0.1/', 'public host'],
    ['https://8.8.8.8/', 'public host'],
    ['https://[::1]/', 'public host'],
    ['https://[2606:4700::1111]/', 'public host'],
    ['https://localhost/', 'public host'],
    ['https://hooks/', 'public host'],
    ['https://hooks.example.com./', 'public host'],
    ['https://.example.com/', 'public host'],
    ['https://hooks..example.com/', 'public host'],
    ['https://-hooks.example.com/', 'public host'],
    ['https://hooks.example.1a/', 'public host'],
    ['https://hooks.example.com:80/', 'port'],
    ['https://hooks.example.com:22/', 'port'],
    ['https://hooks.example.com:1023/', 'port'],
  ])('may not be %j', (url, why) => {
    expect(publicUrlFlaw(url)).toContain(why);
  });
});

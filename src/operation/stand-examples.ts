const id = 'std_01jd8q6y0v5f3t9n2k4c7h8wdz';
const url = 'https://tapline.example.com/t/7Q2M9K4D0V';

const stand = {
  id,
  issuerId: '1990',
  code: '7Q2M9K4D0V',
  terminalId: 'till-7',
  name: 'Till 7, by the window',
  tag: 'static',
  state: 'verified',
  serial: '04:5f:1e:92:6b:12:90',
  writtenAt: '2026-11-21T03:12:00.000Z',
  verifiedAt: '2026-11-21T03:13:20.000Z',
  createdAt: '2026-11-21T03:10:00.000Z',
};
const blank = { ...stand, state: 'blank', serial: null, writtenAt: null, verifiedAt: null };

/** The stand of the noodle shop's till. */
export const standExamples = {
  createStand: {
    request: { issuerId: '1990', name: stand.name, tag: 'static', terminalId: 'till-7' },
    response: blank,
  },
  listStands: { response: { items: [stand], nextCursor: null } },
  getStand: { response: stand },
  changeStand: {
    request: { terminalId: 'till-8' },
    response: { ...stand, terminalId: 'till-8' },
  },
  getStandTag: {
    response: {
      url,
      ndef: 'd1012155047461706c696e652e6578616d706c652e636f6d2f742f3751324d394b34443056',
      bytes: 40,
      fits: ['NTAG213', 'NTAG215', 'NTAG216'],
      sdm: null,
    },
  },
  openStandWriteLink: {
    request: {},
    response: {
      url: 'https://tapline.example.com/w/Zk2vX0cX8bQm3nT1yH5sW9aLrU7dPq4e',
      expiresAt: '2026-11-21T03:25:00.000Z',
    },
  },
};

/** Names the member of whose page the phone may keep a copy; other copies go. */
export const COPY_HEADER = 'Wallet-Copy';

/** Said instead where nobody is signed in: every copy goes. */
export const NOBODY = 'nobody';

/**
 * RSA keys made once for the tests, so that signatures can be compared byte for byte. They guard
 * nothing: never use them elsewhere. Of each pair only the private half is kept; `publicKeyOf`
 * gives the other.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Alipay's own, in tests of the core. */
export const ALIPAY_KEY = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMF+qTJmYlIuhd3M
Z7/0uoUhj4PXJGMocnoUA/hd/1cIsWITP7myOikoRCy2kmFFYib1nOnY8846vdJx
3Nop+oU969EXDJfxeTJ+98cO2x1iMS7taNfyd65UBZyR2kCEA1ER6mt+TnbTC9Rw
GPeY/2A0M3q9cj0PO1NEM8Dh/Cv3AgMBAAECgYEAgC19u+ti+nnjJ/i+ScS+wm5m
+blNW3pxyzjzIFZ0TZ1ulD+YGVVdfeI0t0ICWflyech+t9KGP3leQcg3uzXPw8Zx
Py/ak7yzjrtel+SvZ+Dg8aLGE6InKLmnlOqi4ed1HW/r2VxQu2B6qf0onmdtaTRq
toCkbC7tsG1biFURNKECQQD/2n3RpAPfvrAp99DfzScIUmUkVyyX0Myp+XEAKfXu
qigJlicuxgsMCIlLxSSPKdd2Ug4rytUffWsYa/QC+xN/AkEAwZsHDjRxKjpIUI7F
zLOS+lm1Rz+mSBWX0h6rtBRX94jM63OGDt50ta0gweJTtFg5p+74JeRTdINVLu33
NLvDiQJAFsKTCsEybwcBmNooxJ/1ZvIdeTwgBWlXq487FC6naBHO+ftXhPutI+bm
f80L0YiBWE84X4DtsJ1xl3yS+mjndQJAHO+Rr2LRIxGQ61FbaMvSBM7RlDOEI7Pu
e/4PhZugxiNRFUOv3psK8HhOtAuinQqum1XRCsDEZF6Ypan1T5FcmQJBALXUW/CF
tvurSMV1o2itTIgQShBsnRGJQVr6QCWHz6eYHDiw5sIxRy+pikf2MGPsrrR+Hook
LRVlf6435WgqWfc=
-----END PRIVATE KEY-----
`);

/** The key of the shop's app. */
export const APP_KEY = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDRB/Kk1ZxD3fF2
P385NAnHuiEuFPkSFFdKf2Ua3EvPstR91oHz2J6ZHZaukjThJuWywgaKI2l5uwLQ
XHpfncshXqbCzuWQCj1kiypfPHoMUsLDyH6fGExJ1VBv5H04lXdS7mNDNKtR8yRe
m/MG7BQjhY06dwSzdOHYdIFZsS/dZCvHC+RQjIEXHCFsIqKocZRlid+WY8hZGLSU
qlUxwsvXBfRK32gKQip8nGbn8uNirm7iGuH1lBAf6IrCLBQ6ydN2cqB1FUIgOGIF
6cNLVSLckOxIyPFj+7MrGs8bFOgxDuTmo8ntxsUdQkgJdlxLYdt+iTObS8sb8Jq8
IOgtLiBrAgMBAAECggEAJCWQsypxRFcr+zvNv1GdY1lvhW2BCLxVv/85t6Riw77z
+fLPNCDAhE/Wj8eet1SnofrlcJvhEHjjaq6jRsedqd6ZTdTDY94xcaKTKDboEBt7
rKmOI+rqvlXR/BdyBAfsw32P0r5X5er63hVvuEG41c+xdWvBd1r99xVmjOEUGt94
pFxwR539geQA0jFVpCTDrZjdXmX/SqdlO5v1lEXmIpzzAbYjCIPHkXqNNocSWY1a
vZww04QhhS1NYL75QCHeP3LEvhKjKELJh87DYQu0oeFk6gjVW7OoeE6jEaP/HBBS
NMOgNS5MOIMFG+oANwnNMEGDM6x6TT231y9gd4sSwQKBgQDpT4z+8WbRhPUGZKSF
K3Oy0iy/pzgkiJYVW/HIYyoNrjOswo1ab+djSa7QYq+YOzsy2yDbUqC5/uyQgGCZ
FxZ6thWFu/MioglMz5g9MDBUzr8uKO8WcVJEAe4TCboVjlYt7pL5iHzaf8FB5nS/
Xwx+03rEDDlTuy/vS97ynKQgSwKBgQDlW+927uthjTG6l8OxWCmjzzZLkfAUeSS4
80F1BAIzf0ownMhm8y2qjOWe/VbKYh7Emb0A4grT/LutUXDmTH5Sa1x9fEUtANyp
Iima5GLot94xnJ19JY3k/D41v3fyDjCWgb+yrEv8ToFTgVXGu/4p6N3KohOecMSH
0WhYe7MsYQKBgAsISveHPMBtlBSQT8NIUblD/P+3DY2Us9wgs+cw4T0yXpktvfdn
0T49rrmF4R3Gtz7pY71bQ+RnrJIMsAStNc/pqkzfnVim5t+t9Vn3XGG2QQ4Su3OJ
OkWi/boCvLzmNScI4ARSsuy2G9Jc7mpaOUIKCAUbOt69vD+Ji+pXA9/PAoGATnBD
lAwfiaws/qBad7MsAm6iJfQSBB5uFaZzk148lnoI2Fk2HCc8TeCDwvznCq3F0fy1
67BifZ8oXBzHHKu6Y9t9tRij28E4tcsOKX/D58zB+3uRTLRkM5SkfeMuVSTPLxnO
gn90OSRsDC/mMuImCRUvjNYjGYN9YumV4vTjEOECgYEAthlUbqQ613gm4eJhgmVx
clYJvvQuSx16uQToUogYN+rWofG2kg+MoLn6cnZYSJi0jmUUifWC7r71ak4PlWgJ
iM077WWdcJRWOYCz74j0CKqvlHmyvtaTmmZLhZZJynUyB6T4rn3rLA0pEy2DZ/t5
ITEbkuRwbMtufzlU5j+7trw=
-----END PRIVATE KEY-----
`);

/** An old key of 1024 bits, as legacy RSA apps have. */
export const SMALL_APP_KEY = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAKm05SA3Rvd8/yUW
44tjzDjZhzgVLqRPsw0q/DA0XMokBI+XXYXwM7uOc2VVYHkIv/xe9Zn53KMhOen5
ZYAylOLinGoFQEp8fUAvzXbDig/uDceftBEp6INdAy5pFNRKDiOiJ6eRl6gk7zSG
EYL8mzQwbeIOwQRFVXgmHAPowNgVAgMBAAECgYBqtwjZwEjM+foLXaBKl7/lA8zG
1HMW+dMS9bPNsC+lIQ8JKFq0Db7KMyKXVx+qHHl1flUctQUsQ4mCesR739LE7nl2
TymVN2RPQUM5eF6bTyhIwlTStUCJ3OR9vIjpp/sEVN10m6VFnbTD4w9dfIHdHSYA
xktCaowGXUUQ//7fRQJBAOBDAUPJ9c8Por7GR2ihIsmlGFdEjkn/ODDofqq5GhPt
6lgCSBZaHycFqnfh2BEX5Qlvwn3sj8x5gufFGRsbauMCQQDBuVwtyvW1pka4KG7T
MOmHQXgiw0dmsKo5gE25rtK/zZDcKKf5WxVrQJogdDTs0kvY9SdcIK1cuP3WyK5O
DcqnAkBaplsNhsZoo15alRVqUrAYKDb1l42YlaSmCGSjJ91Frwbp+kofVuB+yoiE
mvLWvfzj2pwYgJYDxh5HB2HFlkiXAkBW88QUKc0vw3pqnntf/8xSEWjC8bPSu+kr
9hLtDTM7NCGZMAZ1PhTXFyAXARHgWmQA9ci86U3nGIGXLmxOTJJxAkBZnIf7vNte
pcmcV9t30mvVCABVrGrg4epL1Qo4jrUp5Yn0HOt6gMqUjRKFXIgepJSwleE32OMj
6I/cFCoSAlz6
-----END PRIVATE KEY-----
`);

/** Base64 of the DER of the public half. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

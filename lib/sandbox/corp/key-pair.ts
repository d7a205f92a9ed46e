/** The RSA key pair with which a corp's message keys are encrypted (P99845). */
export interface CorpKeyPair {
  /** PEM, SPKI. */
  readonly publicKeyPem: string;
  /** PEM, PKCS #8. */
  readonly privateKeyPem: string;
  /** `public_key_ver` of the messages. */
  readonly publicKeyVersion: number;
}

/** A public key; the private one is here only if the sandbox has made the pair. */
export interface PublicKey {
  readonly publicKeyPem: string;
  readonly privateKeyPem?: string;
  readonly publicKeyVersion: number;
}

/** `service_encrypt_info` of a message (P99824). */
export interface EncryptInfo {
  readonly encrypted_secret_key: string;
  readonly public_key_ver: number;
}

package io.moiety.broker.tls;

import io.moiety.broker.config.Secret;
import io.moiety.broker.config.TlsConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Private keys in PEM, plain or encrypted, and whether they belong to a certificate. */
final class PrivateKeys {

  private PrivateKeys() {}

  static PrivateKey read(ConfigFile file, Optional<Secret> password, PublicKey counterpart) {
    PemFile.Block block = PemFile.read(file).key();
    PKCS8EncodedKeySpec spec =
        block.type().equals(PemFile.KEY)
            ? new PKCS8EncodedKeySpec(block.bytes())
            : decrypt(file, block.bytes(), password);
    try {
      return KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(spec);
    } catch (GeneralSecurityException otherKind) {
      throw file.refused(
          "its key is not the certificate's, which has a key of the kind "
              + counterpart.getAlgorithm(),
          otherKind);
    }
  }

  private static PKCS8EncodedKeySpec decrypt(
      ConfigFile file, byte[] encrypted, Optional<Secret> password) {
    if (password.isEmpty()) {
      throw file.refused("its key is encrypted; set " + TlsConfig.KEY_PASSWORD);
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
      // Of PBES2 the parameters say which scheme it is; the name says only PBES2.
      String scheme =
          info.getAlgParameters() == null ? info.getAlgName() : info.getAlgParameters().toString();
      PBEKeySpec secret = new PBEKeySpec(password.get().value().toCharArray());
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(secret),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (IOException | GeneralSecurityException undecrypted) {
      throw file.refused(
          "its key cannot be decrypted; is " + TlsConfig.KEY_PASSWORD + " right?", undecrypted);
    }
  }

  /** What one signs the other verifies; kinds of keys that are not known here pass. */
  static boolean belongTogether(PrivateKey key, PublicKey counterpart)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> "";
        };
    if (!key.getAlgorithm().equals(counterpart.getAlgorithm())) {
      return false;
    }
    if (algorithm.isEmpty()) {
      return true;
    }
    byte[] sample = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(sample);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(counterpart);
    verifying.update(sample);
    return verifying.verify(signing.sign());
  }
}

package io.moiety.broker.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.moiety.broker.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between the BEGIN and END lines of a PEM file; the text around them is passed over.
 */
final class PemFile {

  static final String CERTIFICATE = "CERTIFICATE";
  static final String KEY = "PRIVATE KEY";
  static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  /** One piece, decoded. */
  record Block(String type, ByteBuffer content) {

    byte[] bytes() {
      byte[] copy = new byte[content.remaining()];
      content.duplicate().get(copy);
      return copy;
    }
  }

  private final ConfigFile file;
  private final List<Block> blocks = new ArrayList<>();

  private PemFile(ConfigFile file) {
    this.file = file;
  }

  static PemFile read(ConfigFile file) {
    PemFile pem = new PemFile(file);
    Matcher found = BLOCK.matcher(new String(file.bytes(), ISO_8859_1));
    while (found.find()) {
      pem.blocks.add(new Block(found.group(1), ByteBuffer.wrap(pem.decode(found.group(2)))));
    }
    return pem;
  }

  private byte[] decode(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw file.refused("it has a PEM block that is not base64; copy it again", notBase64);
    }
  }

  List<byte[]> certificates() {
    List<byte[]> found =
        blocks.stream().filter(one -> one.type().equals(CERTIFICATE)).map(Block::bytes).toList();
    if (found.isEmpty()) {
      throw file.refused(
          "it has no certificate (-----BEGIN CERTIFICATE-----); name a PEM file, or a PKCS#12 file"
              + " with certificate and key");
    }
    return found;
  }

  /** The private key, plain or encrypted. */
  Block key() {
    return blocks.stream()
        .filter(one -> one.type().equals(KEY) || one.type().equals(ENCRYPTED_KEY))
        .findFirst()
        .orElseThrow(this::noKey);
  }

  private ConfigException noKey() {
    boolean otherForm = blocks.stream().anyMatch(one -> one.type().endsWith(KEY));
    return file.refused(
        otherForm
            ? "its key is not in PKCS#8; change it with: openssl pkcs8 -topk8 -in KEY -out NEW"
            : "it has no private key (-----BEGIN PRIVATE KEY-----)");
  }
}

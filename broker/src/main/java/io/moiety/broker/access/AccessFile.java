package io.moiety.broker.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.moiety.broker.config.ConfigException;
import io.moiety.broker.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the users. Strict, since what is misspelled here would silently permit or refuse: unknown
 * and repeated members are errors. No message shows what stands in the file, but for names of users
 * and rules: it may be a secret.
 */
final class AccessFile {

  /** The property that names the file. */
  static final String PROPERTY = "accessFile";

  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final int MIN_SECRET_CHARS = 8;
  private static final int POOLED_BUFFERS = 2;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
                  .build())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path path;

  private AccessFile(Path path) {
    this.path = path;
  }

  /**
   * The users by access key.
   *
   * @throws ConfigException when the file cannot be used
   */
  static Map<String, User> read(Path path) {
    AccessFile file = new AccessFile(path);
    List<AccessDocument.Entry> entries = file.parse(file.text()).users();
    if (entries == null || entries.isEmpty()) {
      throw file.refused("it has no users; it must be {\"users\": [...]}");
    }
    Map<String, User> users = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      User user = file.user(entries.get(i), i + 1);
      if (users.put(user.accessKey(), user) != null) {
        throw file.refused("user " + user.accessKey() + " is there twice");
      }
    }
    return Map.copyOf(users);
  }

  private String text() {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw refused("it has more than " + MAX_BYTES + " bytes");
      }
      return Files.readString(path, UTF_8);
    } catch (NoSuchFileException missing) {
      throw new ConfigException(PROPERTY, path, "there is no such file", missing);
    } catch (IOException unreadable) {
      throw new ConfigException(
          PROPERTY, path, "it cannot be read (" + unreadable + ")", unreadable);
    }
  }

  /** The exception of the parser is left behind: it may show a piece of the file. */
  private AccessDocument parse(String text) {
    try {
      AccessDocument document = MAPPER.readValue(text, AccessDocument.class);
      if (document != null) {
        return document;
      }
    } catch (UnrecognizedPropertyException unknown) {
      throw refused(
          "'" + unknown.getPropertyName() + "' is unknown" + where(unknown.getLocation()));
    } catch (JsonProcessingException malformed) {
      throw refused("it is not the JSON that is expected" + where(malformed.getLocation()));
    }
    throw refused("it is empty; it must be {\"users\": [...]}");
  }

  private static String where(JsonLocation location) {
    return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private User user(AccessDocument.@Nullable Entry entry, int number) {
    if (entry == null) {
      throw refused("user number " + number + " is null");
    }
    String accessKey = entry.accessKey();
    if (accessKey == null || accessKey.isBlank()) {
      throw refused("user number " + number + " has no accessKey");
    }
    String secret = entry.secretKey();
    if (secret == null || secret.length() < MIN_SECRET_CHARS) {
      throw refused(
          "user "
              + accessKey
              + " has no secretKey of "
              + MIN_SECRET_CHARS
              + " and more characters");
    }
    try {
      return new User(
          accessKey,
          new Secret(secret),
          entry.admin(),
          Grants.of(rules("topics", entry.topics())),
          Grants.of(rules("groups", entry.groups())),
          sources(entry));
    } catch (IllegalArgumentException malformed) {
      throw refused("user " + accessKey + ": " + malformed.getMessage());
    }
  }

  private static Map<String, String> rules(String member, @Nullable Map<String, String> rules) {
    if (rules == null) {
      return Map.of();
    }
    rules.forEach(
        (name, permission) -> {
          if (permission == null) {
            throw new IllegalArgumentException("'" + name + "' of " + member + " is null");
          }
        });
    return rules;
  }

  private static List<AddressRange> sources(AccessDocument.Entry entry) {
    JsonNode texts = entry.sources();
    if (texts == null) {
      return List.of();
    }
    if (!texts.isArray() || texts.isEmpty()) {
      throw new IllegalArgumentException(
          "sourceIps must be a list of addresses with at least one; leave it out to take the key"
              + " from anywhere");
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (JsonNode text : texts) {
      if (!text.isTextual()) {
        throw new IllegalArgumentException("an address of sourceIps is no text");
      }
      ranges.add(AddressRange.parse(text.textValue()));
    }
    return ranges;
  }

  private ConfigException refused(String why) {
    return new ConfigException(PROPERTY, path, why, null);
  }
}

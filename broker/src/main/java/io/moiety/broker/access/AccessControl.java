package io.moiety.broker.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.config.ConfigException;
import io.moiety.broker.reload.FileChanges;
import io.moiety.broker.reload.Reloadable;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestSignature;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a request in or refuses it: by the user who signed it, and by what the user may do. The
 * users are read again when their file changes.
 *
 * <p>{@link #check} is for any thread; {@link #reloadIfChanged} for one.
 */
public final class AccessControl implements Reloadable {

  private static final Logger LOG = System.getLogger(AccessControl.class.getName());

  /** How much of what a client calls itself is said back to it and written to the log. */
  private static final int SHOWN_CHARS = 100;

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path file;
  private final FileChanges changes;
  private final RequestRules rules = new RequestRules();
  private volatile Map<String, User> users;

  private AccessControl(Path file) {
    this.file = file;
    this.changes = FileChanges.since(List.of(file));
    this.users = AccessFile.read(file);
  }

  /**
   * Reads the users.
   *
   * @throws ConfigException when the file cannot be used
   */
  public static AccessControl open(Path file) {
    AccessControl opened = new AccessControl(file);
    warnOfReaders(file);
    return opened;
  }

  private static void warnOfReaders(Path file) {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), OF_OTHERS)) {
        LOG.log(
            Level.WARNING,
            "{0} has secrets of users and can be read or written by others than its owner:"
                + " chmod 600",
            file);
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      LOG.log(Level.DEBUG, "Who may read " + file + " cannot be told", unknown);
    }
  }

  /** True for requests that need no key. */
  public boolean isOpen(int requestCode) {
    return rules.of(requestCode) == RequestRules.OPEN;
  }

  /**
   * Whether the request may be served.
   *
   * @throws io.moiety.protocol.ProtocolException when a field or body that names what is asked for
   *     cannot be read
   */
  public Access check(Command request, InetAddress from) {
    RequestRules.Rule rule = rules.of(request.code());
    Command bare = request.withFields(RequestSignature.withoutCredentials(request.fields()));
    if (rule == RequestRules.OPEN) {
      return new Access.Granted(bare, Rights.NONE);
    }
    Optional<String> accessKey = request.fields().text(RequestSignature.ACCESS_KEY);
    if (accessKey.isEmpty()) {
      return new Access.Refused("username cannot be null.");
    }
    User user = users.get(accessKey.get());
    String shown = "User:" + shown(accessKey.get());
    if (user == null) {
      return new Access.Refused(shown + " is not found.");
    }
    if (!isSignedBy(user, request)) {
      return new Access.Refused("check signature failed.");
    }
    if (!user.mayComeFrom(from)) {
      return new Access.Refused(shown + " may not come from " + from.getHostAddress() + ".");
    }
    return rule.demands(bare).stream()
        .filter(demand -> !user.fulfils(demand))
        .findFirst()
        .<Access>map(
            demand ->
                new Access.Refused(
                    shown
                        + " has no permission to access "
                        + shown(demand.toString())
                        + " from "
                        + from.getHostAddress()
                        + ", no matched policies."))
        .orElseGet(() -> new Access.Granted(bare, new UserRights(() -> users, user, from)));
  }

  /** Takes as long for a signature that is nearly right as for one that is not. */
  private static boolean isSignedBy(User user, Command request) {
    String shown = request.fields().text(RequestSignature.SIGNATURE).orElse("");
    String right = RequestSignature.of(request.fields(), request.body(), user.secret().value());
    return MessageDigest.isEqual(right.getBytes(UTF_8), shown.getBytes(UTF_8));
  }

  /** Cut, and without line ends, which would forge a log. */
  private static String shown(String text) {
    String cut = text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void reloadIfChanged() {
    if (!changes.settled()) {
      return;
    }
    try {
      users = AccessFile.read(file);
      changes.taken();
      LOG.log(Level.INFO, "The users were read again: {0} of them", users.size());
    } catch (ConfigException unusable) {
      if (changes.isNews(unusable.getMessage())) {
        LOG.log(
            Level.ERROR,
            "The changed users are not taken, the old ones hold further on: "
                + unusable.getMessage());
      }
    }
  }
}

package io.moiety.broker.access;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rights of a user who signed. They end with the user, and with the secret that signed.
 *
 * @param users as they are now
 * @param signed as the user was then
 * @param from where the request came from
 */
record UserRights(Supplier<Map<String, User>> users, User signed, InetAddress from)
    implements Rights {

  @Override
  public boolean mayProduce(String topic) {
    return fulfils(Demand.send(topic));
  }

  @Override
  public boolean mayConsume(String topic) {
    return fulfils(Demand.consume(topic));
  }

  @Override
  public boolean mayJoin(String group) {
    return fulfils(new Demand.OfGroup(group));
  }

  @Override
  public boolean isUnlimited() {
    return now().filter(User::admin).isPresent();
  }

  @Override
  public String user() {
    return signed.accessKey();
  }

  private boolean fulfils(Demand demand) {
    return now().filter(user -> user.fulfils(demand)).isPresent();
  }

  private Optional<User> now() {
    return Optional.ofNullable(users.get().get(signed.accessKey()))
        .filter(user -> user.secret().equals(signed.secret()) && user.mayComeFrom(from));
  }

  /** Without the user's rules. */
  @Override
  public String toString() {
    return "rights of " + user();
  }
}

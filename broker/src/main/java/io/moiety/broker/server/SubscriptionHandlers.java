package io.moiety.broker.server;

import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.delivery.SubscribeRequest;
import io.moiety.broker.delivery.Subscriptions;
import io.moiety.broker.filter.BadFilterException;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;

/** Moiety's {@code SUBSCRIBE} and {@code UNSUBSCRIBE}. */
public final class SubscriptionHandlers {
  private static final String FIRST = "FIRST";
  private static final String LAST = "LAST";

  private final Subscriptions subscriptions;
  private final Selectors selectors;
  private final LostConnections lostConnections;
  private final InTurn inTurn;

  public SubscriptionHandlers(
      Subscriptions subscriptions,
      Selectors selectors,
      LostConnections lostConnections,
      InTurn inTurn) {
    this.subscriptions = subscriptions;
    this.selectors = selectors;
    this.lostConnections = lostConnections;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.SUBSCRIBE, this::subscribe);
    router.register(RequestCode.UNSUBSCRIBE, inTurn.handler(this::unsubscribe));
  }

  private void subscribe(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    SubscribeRequest subscribe =
        new SubscribeRequest(
            connection.id(),
            fields.requiredText("group"),
            fields.requiredText("topic"),
            fromFirst(fields),
            fields.flag("durable"),
            fields.flag("exclusive"),
            fields.text("selector"),
            fields.text("noLocalClient").map(id -> ClientNames.check("noLocalClient", id)));
    Optional<String> badName =
        TopicCreation.refuseName(subscribe.topic())
            .or(() -> TopicCreation.refuseName(subscribe.group()));
    if (badName.isPresent()) {
      reply.fail(ResponseCode.INVALID_PARAMETER, badName.get());
      return;
    }
    // A selector that cannot be understood is refused before anything is made.
    Optional<String> badSelector = whySelectorIsRefused(subscribe);
    if (badSelector.isPresent()) {
      inTurn.run(reply, () -> refuse(subscribe, badSelector.get(), reply));
      return;
    }
    lostConnections.watch(connection);
    inTurn.run(reply, () -> lostConnections.ifOpen(connection, () -> subscribe(subscribe, reply)));
  }

  private Optional<String> whySelectorIsRefused(SubscribeRequest request) {
    try {
      request
          .selector()
          .ifPresent(text -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text));
      return Optional.empty();
    } catch (BadFilterException notUnderstood) {
      return Optional.of(String.valueOf(notUnderstood.getMessage()));
    }
  }

  /** Selectors that an earlier version of the broker took are stored with their subscriptions. */
  private void refuse(SubscribeRequest request, String why, Reply reply) {
    String help =
        subscriptions.isStoredWithSelectorOf(request)
            ? ". The subscription is there with this selector, which an earlier version of the"
                + " broker took: subscribe with another one, which begins it anew without the"
                + " messages that it has kept, or delete it"
            : "";
    reply.fail(ResponseCode.SUBSCRIPTION_PARSE_FAILED, why + help);
  }

  private void subscribe(SubscribeRequest request, Reply reply) {
    Optional<Refusal> refusal =
        subscriptions.subscribe(
            request, stored -> StoreReplies.whenStored(reply, stored, Fields.empty()));
    refusal.ifPresent(why -> DeliveryReplies.refuse(reply, why));
  }

  private void unsubscribe(Command request, Connection connection, Reply reply) {
    Optional<Refusal> refusal =
        subscriptions.unsubscribe(
            connection.id(),
            request.fields().requiredText("group"),
            stored -> StoreReplies.whenStored(reply, stored, Fields.empty()));
    refusal.ifPresent(why -> DeliveryReplies.refuse(reply, why));
  }

  private static boolean fromFirst(Fields fields) {
    String from = fields.requiredText("from");
    return switch (from) {
      case FIRST -> true;
      case LAST -> false;
      default -> throw new BadFieldException("from", from, FIRST + " or " + LAST);
    };
  }
}

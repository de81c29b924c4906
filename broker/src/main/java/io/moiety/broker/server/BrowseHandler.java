package io.moiety.broker.server;

import io.moiety.broker.delivery.BrowsePage;
import io.moiety.broker.delivery.BrowseRequest;
import io.moiety.broker.delivery.Browser;
import io.moiety.broker.delivery.Outcome;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.store.BrokerClock;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;

/** Moiety's {@code BROWSE}: a page of what a group has not acknowledged, without taking it. */
public final class BrowseHandler implements RequestHandler {
  private final Browser browser;
  private final Selectors selectors;
  private final BrokerClock clock;
  private final InTurn inTurn;

  public BrowseHandler(Browser browser, Selectors selectors, BrokerClock clock, InTurn inTurn) {
    this.browser = browser;
    this.selectors = selectors;
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.BROWSE, this);
  }

  @Override
  public void handle(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    BrowseRequest browse =
        new BrowseRequest(
            fields.requiredText("group"),
            fields.requiredText("topic"),
            fields.intOr("queueId", 0),
            fields.longOr("fromOffset", 0),
            fields.requiredInt("maxMessages"),
            fields
                .text("selector")
                .map(text -> selectors.compile(SelectorDialect.JAKARTA_MESSAGING, text))
                .orElse(MessageFilter.ALL));
    inTurn.read(
        reply,
        () -> browser.reads(browse),
        () -> answer(browser.browse(browse, clock.nowMillis()), reply));
  }

  private static void answer(Outcome<BrowsePage> outcome, Reply reply) {
    if (outcome instanceof Outcome.Refused<BrowsePage> refused) {
      DeliveryReplies.refuse(reply, refused.refusal());
    } else if (outcome instanceof Outcome.Done<BrowsePage> done) {
      reply.success(
          Fields.builder()
              .put("nextOffset", done.value().nextOffset())
              .put("end", done.value().end())
              .build(),
          DeliveryFields.body(done.value().messages()));
    }
  }
}

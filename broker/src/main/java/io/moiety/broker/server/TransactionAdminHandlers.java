package io.moiety.broker.server;

import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.transaction.AdministratorAnswer;
import io.moiety.broker.transaction.AdministratorDecisions;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.broker.transaction.KnownTransaction;
import io.moiety.broker.transaction.ListingCursor;
import io.moiety.broker.transaction.ListingCursor.Section;
import io.moiety.broker.transaction.TransactionId;
import io.moiety.broker.transaction.TransactionListing;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.protocol.body.TransactionListBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What administrators ask and decide of transactions. The turn tells what it knows, a page at a
 * time; records are read on a reader thread, a bounded number for each request.
 */
public final class TransactionAdminHandlers {
  private static final int MAX_PER_PAGE = 500;
  private static final int READS_PER_REQUEST = 2_000;

  private final TransactionListing listing;
  private final AdministratorDecisions decisions;
  private final RecordFinder finder;
  private final OnReaders readers;
  private final BrokerClock clock;
  private final InTurn inTurn;

  /**
   * Handlers over one store.
   *
   * @param readers refuses when too much waits
   */
  public TransactionAdminHandlers(
      TransactionListing listing,
      AdministratorDecisions decisions,
      RecordFinder finder,
      Executor readers,
      BrokerClock clock,
      InTurn inTurn) {
    this.listing = listing;
    this.decisions = decisions;
    this.finder = finder;
    this.readers = new OnReaders(readers);
    this.clock = clock;
    this.inTurn = inTurn;
  }

  public void register(RequestRouter router) {
    router.register(RequestCode.TRANSACTION_LIST, this::list);
    router.register(RequestCode.TRANSACTION_SHOW, this::show);
    router.register(RequestCode.TRANSACTION_DECIDE, this::decide);
  }

  private void list(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    TransactionFilter filter = TransactionFilter.of(fields, clock.nowMillis());
    int limit = Math.max(1, Math.min(fields.intOr("max", MAX_PER_PAGE), MAX_PER_PAGE));
    Optional<ListingCursor> from =
        fields.text("from").isPresent()
            ? fields.text("from").map(TransactionAdminHandlers::cursor)
            : filter.sections().stream().findFirst().map(ListingCursor::start);
    if (from.isEmpty()) {
      reply.success(Fields.empty(), JsonBodies.write(new TransactionListBody(List.of(), null)));
      return;
    }
    inTurn.run(
        reply,
        () -> {
          TransactionListing.Page page = listing.page(from.get(), limit);
          Optional<ListingCursor> next =
              page.next().or(() -> sectionBehind(from.get().section(), filter.sections()));
          readers.run(reply, () -> answerList(page.transactions(), filter, next, reply));
        });
  }

  /** The begin of the first of these sections that comes behind one. */
  private static Optional<ListingCursor> sectionBehind(Section section, Set<Section> sections) {
    return sections.stream()
        .filter(other -> other.compareTo(section) > 0)
        .findFirst()
        .map(ListingCursor::start);
  }

  /** Where the reads of this request end, the page ends. */
  private void answerList(
      List<KnownTransaction> known,
      TransactionFilter filter,
      Optional<ListingCursor> next,
      Reply reply) {
    TransactionReport report = new TransactionReport(finder, READS_PER_REQUEST);
    List<TransactionBody> told = new ArrayList<>();
    Optional<ListingCursor> rest = next;
    for (KnownTransaction transaction : known) {
      TransactionBody body = report.of(transaction);
      if (filter.takes(body)) {
        told.add(TransactionReport.brief(body));
      }
      if (!report.mayRead()) {
        rest = Optional.of(TransactionListing.cursorBehind(transaction));
        break;
      }
    }
    reply.success(
        Fields.empty(),
        JsonBodies.write(
            new TransactionListBody(told, rest.map(ListingCursor::toText).orElse(null))));
  }

  private void show(Command request, Connection connection, Reply reply) {
    TransactionId id = id(request.fields());
    inTurn.run(
        reply,
        () -> {
          Optional<KnownTransaction> known = listing.find(id);
          if (known.isEmpty()) {
            reply.fail(
                ResponseCode.QUERY_NOT_FOUND,
                "there is no transaction "
                    + request.fields().requiredText("id")
                    + ", or it was decided so long ago that it is forgotten");
          } else {
            readers.run(reply, () -> answerShow(known.get(), reply));
          }
        });
  }

  private void answerShow(KnownTransaction known, Reply reply) {
    TransactionReport report = new TransactionReport(finder, READS_PER_REQUEST);
    reply.success(Fields.empty(), JsonBodies.write(report.of(known)));
  }

  private void decide(Command request, Connection connection, Reply reply) {
    Fields fields = request.fields();
    TransactionId id = id(fields);
    Verdict verdict = verdict(fields.requiredText("verdict"));
    String by = Administrator.name(reply.rights().user(), connection, fields.text("by"));
    inTurn.append(
        reply,
        () -> decisions.reads(id),
        () -> decisions.decide(id, verdict, by, clock.nowMillis(), answer -> tell(answer, reply)));
  }

  private static void tell(AdministratorAnswer answer, Reply reply) {
    if (answer instanceof AdministratorAnswer.Done done) {
      reply.success(Fields.builder().put("state", done.state()).build());
    } else if (answer instanceof AdministratorAnswer.Refused refused) {
      reply.fail(ResponseCode.ILLEGAL_OPERATION, refused.reason());
    } else if (answer instanceof AdministratorAnswer.NotFound missing) {
      reply.fail(ResponseCode.QUERY_NOT_FOUND, missing.reason());
    } else if (answer instanceof AdministratorAnswer.Unclear unclear) {
      reply.fail(ResponseCode.FLUSH_DISK_TIMEOUT, unclear.reason());
    }
  }

  private static TransactionId id(Fields fields) {
    String text = fields.requiredText("id");
    return TransactionId.parse(text)
        .orElseThrow(
            () ->
                new BadFieldException(
                    "id",
                    text,
                    "the position of a half message in digits, or an Xid as"
                        + " formatId-globalId-qualifier in hexadecimal"));
  }

  private static Verdict verdict(String text) {
    for (Verdict verdict : Verdict.values()) {
      if (verdict.name().equals(text)) {
        return verdict;
      }
    }
    throw new BadFieldException("verdict", text, "COMMIT, ROLLBACK, RESUME or FORGET");
  }

  private static ListingCursor cursor(String text) {
    try {
      return ListingCursor.parse(text);
    } catch (IllegalArgumentException notOurs) {
      throw new BadFieldException("from", text, "what an answer said in 'next'");
    }
  }
}

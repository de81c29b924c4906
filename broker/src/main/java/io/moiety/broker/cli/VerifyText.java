package io.moiety.broker.cli;

import io.moiety.broker.log.LogDamage;
import io.moiety.broker.log.LogReport;
import io.moiety.broker.log.SegmentInfo;
import io.moiety.broker.log.StoreHolder;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Says what a verification found, and what can be done. */
final class VerifyText {
  private final LogReport report;
  private final SegmentTally tally;

  VerifyText(LogReport report, SegmentTally tally) {
    this.report = report;
    this.tally = tally;
  }

  void print(PrintWriter out) {
    report.holder().ifPresent(holder -> warn(holder, out));
    for (SegmentInfo segment : report.segments()) {
      SegmentTally.Count count = tally.of(segment.basePosition());
      out.printf(
          "segment %020d: positions %d to %d, %d records of %d bytes%n",
          segment.basePosition(),
          segment.basePosition(),
          segment.endPosition(),
          count.records(),
          count.sizeBytes());
    }
    out.printf(
        "log: positions %d to %d, %s, %d records of %d bytes%n",
        report.firstPosition(),
        report.endPosition(),
        report.durablePosition().isPresent()
            ? "known to be durable up to " + report.durablePosition().getAsLong()
            : "without a hint how far it was durable",
        report.records(),
        report.recordBytes());
    report.tornTail().ifPresent(reason -> tellTornTail(reason, out));
    report.damages().forEach(damage -> tell(damage, out));
    conclude(out);
  }

  private static void warn(StoreHolder holder, PrintWriter out) {
    out.printf(
        "process %d seems to have the store open%s: its log grows while it is read, and may look"
            + " torn at the end%n",
        holder.processId(),
        holder.address().map(address -> " and to listen on " + address).orElse(""));
  }

  private void tellTornTail(String reason, PrintWriter out) {
    out.printf(
        "torn end at position %d: %s%n"
            + "  This is normal after a crash or a kill. Nothing behind it was ever confirmed as"
            + " durable; the next start clears it.%n",
        report.endPosition(), reason);
  }

  private static void tell(LogDamage damage, PrintWriter out) {
    out.printf(
        "DAMAGED: positions %d to %d (%d bytes), %s, file offset %d: %s%n"
            + "  What follows from position %d on can be read: moiety store dump --from %d%n",
        damage.position(),
        damage.endPosition(),
        damage.endPosition() - damage.position(),
        damage.segment(),
        fileOffset(damage),
        damage.what(),
        damage.endPosition(),
        damage.endPosition());
  }

  /** A segment is named by its first position. */
  private static long fileOffset(LogDamage damage) {
    String name = String.valueOf(Path.of(damage.segment()).getFileName());
    return name.matches("\\d{1,20}") ? damage.position() - Long.parseLong(name) : 0;
  }

  private void conclude(PrintWriter out) {
    if (report.healthy()) {
      out.println("The log is intact.");
      return;
    }
    if (report.damageCount() > report.damages().size()) {
      out.printf("... and %d more%n", report.damageCount() - report.damages().size());
    }
    out.printf(
        "The log is DAMAGED in %d %s. A broker does not start on it, since it would silently lose"
            + " what lay there.%n"
            + "  First copy the whole directory; from a failing disk with a tool that goes on behind"
            + " bad sectors.%n"
            + "  Then restore the store from an older copy, or give up what is damaged: start the"
            + " broker with recoverFrom set to the position that its message names.%n"
            + "  What can still be read: moiety store dump --body%n",
        report.damageCount(), report.damageCount() == 1 ? "place" : "places");
  }
}

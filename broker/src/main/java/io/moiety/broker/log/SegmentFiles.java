package io.moiety.broker.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of one log. The seam at which a test puts simulated files that can lose power. */
interface SegmentFiles {

  /** The segments that exist, in log order. */
  List<SegmentSpan> list() throws IOException;

  /**
   * Makes the file of a segment, without blocks. When this returns, the file stays; when it fails,
   * there is none.
   */
  void create(SegmentSpan span) throws IOException;

  /** Makes the file of a segment longer, without blocks. */
  void extend(SegmentSpan span, int sizeBytes) throws IOException;

  /** Removes the file of a segment. When this returns, it stays removed. */
  void delete(SegmentSpan span) throws IOException;

  /** Renames the file of a segment: it is none of the log's any more. It stays so. */
  void spare(SegmentSpan span) throws IOException;

  /** Makes the file of a new segment out of a spare. When this returns, the file stays. */
  void reuse(SegmentSpan spare, long basePosition) throws IOException;

  /** Removes all spares. */
  void deleteSpares() throws IOException;

  SegmentMemory map(SegmentSpan span) throws IOException;

  SegmentChannel channel(SegmentSpan span) throws IOException;

  /** As {@link #channel}, for who only reads: a file that must not be written will do. */
  SegmentChannel reader(SegmentSpan span) throws IOException;

  /**
   * How much room there is.
   *
   * @param logBytes what the log takes, as the caller knows
   */
  DiskSpace space(long logBytes) throws IOException;

  /** The file of the durable hint, made when there is none. */
  HintFile hint() throws IOException;

  /** The file of the durable hint, to be read; empty when there is none. */
  Optional<HintFile> existingHint() throws IOException;

  /** The name of a segment, for messages. */
  Path path(SegmentSpan span);
}

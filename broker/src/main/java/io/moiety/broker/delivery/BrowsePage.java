package io.moiety.broker.delivery;

import io.moiety.protocol.RecordView;
import java.util.List;

/**
 * Messages that were seen.
 *
 * @param nextOffset where to go on
 * @param end true when there is nothing more now
 */
public record BrowsePage(List<RecordView> messages, long nextOffset, boolean end) {}

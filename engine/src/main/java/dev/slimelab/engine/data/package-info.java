/// From a file of preferences to token ids: what was in the file, what of it is usable, and the ids
/// a model is trained on.
///
/// Start at [PairSource], where records enter; a [RowFormat] makes each a [PreferenceRow] or a
/// [RowProblem]; [PairEncoder] turns rows into [TokenPair]s with a [Tokenizer] and a
/// [ChatTemplate], whose language the package `jinja` knows; [PairDataset] does all of it, keeps
/// the ids on disk and the account in a [DataReport]; [DataInspection] does the same for people who
/// only look. The package knows no model, no objective and no spec; a bad row is a value here, and
/// becomes a `Problem` only in the last two.
@NullMarked
package dev.slimelab.engine.data;

import org.jspecify.annotations.NullMarked;

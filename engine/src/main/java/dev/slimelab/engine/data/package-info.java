/// From a file of preferences to token ids: what was in the file, what of it is usable, and the ids
/// a model is trained on.
///
/// Start at [PairSource], where rows enter; each row becomes a [PreferenceRow] or a [RowProblem];
/// [PairEncoder] turns rows into [TokenPair]s with a [Tokenizer] and a [ChatTemplate], whose
/// language the package `jinja` knows; [PairDataset] does all of it and keeps the account in a
/// [DataReport]. The package knows no model, no objective and no spec; a bad row is a value here,
/// and becomes a `Problem` only in [PairDataset].
@NullMarked
package dev.slimelab.engine.data;

import org.jspecify.annotations.NullMarked;

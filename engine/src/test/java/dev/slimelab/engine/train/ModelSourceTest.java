package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.train.ModelSource.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ModelSourceTest {
    private static final Path RUN = Path.of("runs", "a@b");

    @Test
    void aStateStandsBehindTheLastAt() {
        assertThat(ModelSource.parse(RUN.toString())).isEqualTo(ModelSource.newest(RUN));
        assertThat(ModelSource.parse(RUN + "@base"))
                .isEqualTo(new ModelSource(RUN, new State.Base()));
        assertThat(ModelSource.parse(RUN + "@200"))
                .isEqualTo(ModelSource.parse(RUN + "@step-000200"))
                .isEqualTo(new ModelSource(RUN, new State.Step(200)));
    }

    @Test
    void aFolderIsWhatItIsCalled(@TempDir Path folder) throws IOException {
        Path odd = Files.createDirectory(folder.resolve("run@7"));
        assertThat(ModelSource.parse(odd.toString())).isEqualTo(ModelSource.newest(odd));
    }
}

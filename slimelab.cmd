@echo off
rem Runs SlimeLab from its source tree; builds it on first use. The same as the script `slimelab`, for Windows.
setlocal enabledelayedexpansion
set "home=%~dp0"
if "%home:~-1%"=="\" set "home=%home:~0,-1%"

if not exist "%home%\target\built" (
    echo Building SlimeLab ^(the first time this fetches about 300 MB of libraries and takes a few minutes^) ... 1>&2
    if not exist "%home%\target" mkdir "%home%\target"
    pushd "%home%"
    call mvnw.cmd -B -q -Dmaven.test.skip=true package > "%home%\target\build.log" 2>&1
    if errorlevel 1 (
        popd
        findstr /c:"Cannot find matching" "%home%\target\build.log" >nul && (
            echo SlimeLab needs JDK 25 or newer, and none was found on this machine. 1>&2
            echo Install one, for example Temurin 25 from https://adoptium.net, and start again. 1>&2
        ) || type "%home%\target\build.log" 1>&2
        exit /b 1
    )
    popd
    type nul > "%home%\target\built"
)

set "java_home="
if defined SLIMELAB_JAVA_HOME set "java_home=%SLIMELAB_JAVA_HOME%"
if not defined java_home (
    for /f "tokens=1,* delims==" %%a in ('findstr /c:"java.home = " "%home%\target\jdk.txt"') do set "java_home=%%b"
    if defined java_home set "java_home=!java_home:~1!"
)
set "java=%java_home%\bin\java.exe"
set /p engine=<"%home%\engine\target\classpath.txt"
set "engine=%home%\engine\target\classes;%engine%"
set /p app=<"%home%\app\target\classpath.txt"

set "graphical="
if "%~1"=="" set "graphical=1"
for %%c in (demo plot) do if "%~1"=="%%c" set "graphical=1"
if defined graphical (
    "%java%" --enable-native-access=ALL-UNNAMED "-Dslimelab.home=%home%" "-Dslimelab.java=%java%" "-Dslimelab.engine.classpath=%engine%" "-Dslimelab.samples=%home%\sample-runs" "-Dslimelab.assets=%home%\assets" -cp "%home%\app\target\classes;%app%" dev.slimelab.app.Main %*
) else (
    "%java%" --enable-native-access=ALL-UNNAMED "-Dslimelab.home=%home%" -cp "%engine%" dev.slimelab.engine.Main %*
)
exit /b %errorlevel%

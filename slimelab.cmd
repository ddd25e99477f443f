@echo off
rem Runs SlimeLab from its source tree; builds it on first use, and again when target\built has been deleted.
rem The same as the script `slimelab`, for Windows. Class paths are handed over in files, because a command line has
rem 8,191 characters at most here.
setlocal
set "home=%~dp0"
set "home=%home:~0,-1%"
set "target=%home%\target"
if exist "%target%\built" goto built

echo Building SlimeLab (the first time this fetches about 300 MB of libraries and takes a few minutes) ... 1>&2
if not exist "%target%" mkdir "%target%"
pushd "%home%"
call mvnw.cmd -B -q -Dmaven.test.skip=true package > "%target%\build.log" 2>&1
if errorlevel 1 goto failed
popd
type nul > "%target%\built"
if exist "%target%\engine.aot" del "%target%\engine.aot"

:built
set "java_home=%SLIMELAB_JAVA_HOME%"
if defined java_home goto chosen
set "java_home=%JAVA_HOME%"
call :version
if %major% geq 25 goto found
for /f "tokens=1,* delims==" %%a in ('findstr /c:"java.home = " "%target%\jdk.txt"') do set "java_home=%%b"
set "java_home=%java_home:~1%"
:chosen
call :version
if %major% geq 25 goto found
echo SlimeLab needs JDK 25 or newer; %java_home% is none. Set SLIMELAB_JAVA_HOME to one. 1>&2
exit /b 1

:found
set "java=%java_home%\bin\java.exe"
for /f "usebackq delims=" %%p in ("%home%\engine\target\classpath.txt") do set "engine=%home%\engine\target\slimelab-engine.jar;%%p"
for /f "usebackq delims=" %%p in ("%home%\app\target\classpath.txt") do set "app=%home%\app\target\classes;%%p"
set "engine=%engine:\=/%"
set "app=%app:\=/%"
> "%target%\engine.args" echo --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "%engine%"
> "%target%\app.args" echo -cp "%app%"
>> "%target%\app.args" echo "-Dslimelab.engine.classpath=%engine%"

rem Classes that are loaded and linked beforehand, by one step of the built-in model, so that every later start takes less.
set "classes=%target%\engine.aot"
if exist "%classes%" goto start
"%java%" "-XX:AOTCacheOutput=%classes%" "@%target%\engine.args" dev.slimelab.engine.Main train "%home%\assets\specs\tiny-slime.yaml" --set optimization.maxSteps=1 --run "%target%\first-run" >> "%target%\build.log" 2>&1
rmdir /s /q "%target%\first-run" 2>nul
if not exist "%classes%" type nul > "%classes%"

:start
if "%~1"=="" goto window
if "%~1"=="demo" goto window
if "%~1"=="plot" goto window
if not defined ONEDNN_PRIMITIVE_CACHE_CAPACITY set "ONEDNN_PRIMITIVE_CACHE_CAPACITY=256"
"%java%" "-XX:AOTCache=%classes%" -Xlog:aot=off "-Dslimelab.engine.classes=%classes%" "-Dslimelab.home=%home%" "@%target%\engine.args" dev.slimelab.engine.Main %*
exit /b %errorlevel%

:window
"%java%" --enable-native-access=ALL-UNNAMED "-Dslimelab.home=%home%" "-Dslimelab.java=%java%" "-Dslimelab.engine.classes=%classes%" "-Dslimelab.samples=%home%\sample-runs" "-Dslimelab.assets=%home%\assets" "@%target%\app.args" dev.slimelab.app.Main %*
exit /b %errorlevel%

:failed
popd
findstr /c:"Cannot find matching" "%target%\build.log" >nul
if errorlevel 1 (
    type "%target%\build.log" 1>&2
    echo The build failed; the whole log is %target%\build.log. 1>&2
) else (
    echo SlimeLab needs JDK 25 or newer, and none was found on this machine. 1>&2
    echo Install one, for example Temurin 25 from https://adoptium.net, and start again. 1>&2
)
exit /b 1

rem The major version of the JDK in java_home; 0 where there is none.
:version
set "major=0"
if not exist "%java_home%\bin\java.exe" exit /b 0
for /f "tokens=2 delims==." %%v in ('findstr /b /c:"JAVA_VERSION=" "%java_home%\release"') do set "major=%%v"
set "major=%major:"=%"
exit /b 0

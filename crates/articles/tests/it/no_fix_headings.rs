//! Headings above a table of files that are not a fix, and similar headings above a fix (issue 14, point 1). A table
//! under one of the first kind gives no row.

use hotfixcheck_articles::parse;

/// Headings of original, affected, restored, required or other files, in eleven languages.
const NO_FIX: &str = "\
Files included in the RTM release
Files in the RTM release
Files that are included in the original release of Windows XP
File information after removal
File information after you remove the update
File information after uninstallation
File information after you uninstall this hotfix
File attributes after removal of the update
File information before the update
File information before you install this update
File attributes before installation
File information of the previous version
File list before the update
File versions in the RTM version
Original release files
Original files
Initial release file versions
Files in the initial release
Files as shipped
As shipped
As originally released
File versions as released
Released file versions of Windows XP Service Pack 2 before this update
Versions in the released product
Baseline file versions
Baseline
Starting versions
Existing file versions
Currently installed file versions
Installed versions before the update
Files before
Before applying the update
If you have one of the following versions, the fix is not installed:
The following files contain the problem:
Vulnerable version
Wrong version
Files for comparison (not fixed)
The problem exists in these versions
Do not use the following version:
The following versions were withdrawn:
To remove the fix, restore this file:
You need this fix if your file is one of these:
Your version must be later than:
Before the fix
Before patching
Prior to installing this update
Prior versions
Pre-update file information
Pre-update state
Files that remain after you remove the update
Files that are left after removal
Files that come back after uninstall
File versions after rollback
Files that the uninstaller restores
Files that are put back
Files backed up by the installer
Files saved to the uninstall folder
Backed up files
Backup copies
Versions that do not have the fix
Versions that do not contain the fix
Versions that need the update
Files that require the update
Machines at risk have these files
Versions at risk
Insecure file versions
Exploitable versions
Files with the vulnerability
Files with the bug
Files that contain the bug
Files that have the bug
Files that show the problem
Files that exhibit this behavior
Files that are known to have this problem
Versions known to be affected
Buggy file versions
File versions that fail
Failing file versions
Files that do not work
Non-fixed versions
Not fixed
Still affected
Known vulnerable builds
Withdrawn versions
Recalled files
Files of the withdrawn update
Files in the first release of this update
Files in the original version of this bulletin
Third-party files
Unrelated files
Other files on the system
Files that you must have before you install this update
Files needed by this hotfix
Files that this hotfix depends on
Prerequisite file versions
Minimum file versions before installation
Files not included in this update
Files not in this package
Files left unchanged
Files that stay the same
Files unchanged by this update
Untouched files
Files excluded from this update
Files on the installation media
Files on the original disks
Known bad file versions
Do not use these versions
Test output
Debugger output
Output of filever
Output of the command
Stack trace
Loaded modules
Log
Sample file versions
Dateien der ursprünglichen Version
Dateien der RTM-Version
In der RTM-Version enthaltene Dateien
Dateien, die in der ursprünglichen Version enthalten sind
Dateiinformationen nach dem Entfernen
Dateiinformationen nach der Deinstallation
Dateiinformationen vor dem Update
Dateien nach der Deinstallation des Updates
Dateiversionen der Originalversion
Originaldateien
Gesicherte Dateien
Dateien mit dem Fehler
Fehlerhafte Versionen
Fichiers inclus dans la version RTM
Fichiers de la version RTM
Fichiers de la version d'origine
Informations sur les fichiers après la suppression
Informations sur les fichiers après la désinstallation
Informations sur les fichiers avant la mise à jour
Fichiers présentant le problème
Fichiers vulnérables
Fichiers non inclus dans cette mise à jour
Fichiers sauvegardés
File inclusi nella versione RTM
File della versione RTM
File della versione originale
Informazioni sui file dopo la rimozione
Informazioni sui file dopo la disinstallazione
Informazioni sui file prima dell'aggiornamento
File che presentano il problema
File non inclusi in questo aggiornamento
Archivos incluidos en la versión RTM
Archivos de la versión RTM
Archivos de la versión original
Información de archivos después de la eliminación
Información de archivos después de desinstalar la actualización
Información de archivos antes de la actualización
Archivos que tienen el problema
Archivos no incluidos en esta actualización
Arquivos incluídos na versão RTM
Arquivos da versão RTM
Arquivos da versão original
Informações de arquivo após a remoção
Informações de arquivo após a desinstalação
Informações de arquivo antes da atualização
Arquivos que apresentam o problema
Arquivos não incluídos nesta atualização
RTM 版に含まれるファイル
RTM リリースのファイル
最初のリリースに含まれるファイル
製品出荷版のファイル
削除後のファイル情報
アンインストール後のファイル情報
更新前のファイル情報
適用前のファイル情報
この更新プログラムに含まれないファイル
RTM 릴리스에 포함된 파일
RTM 버전의 파일
원래 릴리스의 파일
제거 후 파일 정보
업데이트 제거 후 파일 정보
업데이트 전 파일 정보
설치 전 파일 정보
이 업데이트에 포함되지 않은 파일
RTM 版本中包含的文件
RTM 版本的文件
原始版本的文件
删除后的文件信息
卸载后的文件信息
更新前的文件信息
安装前的文件信息
此更新未包含的文件
RTM 版本中包含的檔案
RTM 版本的檔案
原始版本的檔案
移除後的檔案資訊
解除安裝後的檔案資訊
更新前的檔案資訊
安裝前的檔案資訊
此更新未包含的檔案
Bestanden in de RTM-versie
Bestanden in de oorspronkelijke versie
Bestandsinformatie na verwijdering
Bestandsinformatie vóór de update
Betrokken bestanden
Файлы исходной версии
Файлы версии RTM
Сведения о файлах после удаления
Сведения о файлах до обновления
Затронутые файлы
Pliki wersji RTM
Pliki wersji oryginalnej
Informacje o plikach po usunięciu
Informacje o plikach przed aktualizacją
Filer i RTM-versionen
Filinformation efter borttagning
Filinformation före uppdateringen
";

/// Headings of the files of a fix.
const FIX: &str = "\
Files included in this update
Files that are included in this hotfix
Files included in this hotfix package
Files included in the update
Files included with this fix
Files included in Update Rollup 1
Files included in the security update
Files in this release
File information
File Information
File information after installation
File information after you install the update
File attributes after the update
File information for Windows XP RTM
Windows XP RTM
Windows Server 2003 RTM
RTM
RTMGDR
RTM branch
Windows XP Gold
For the RTM version of Windows Server 2003
Windows Server 2003, original release version
Windows Vista (original release)
File information for the original release version of Windows Server 2003
Released files
Files released with this update
Files that replace the earlier files
Files that replace the RTM files
Files that fix the problem
Files that correct this problem
Files that no longer have the problem
Versions that have the fix
Versions that contain the fix
Required file versions
Minimum file versions
Minimum required versions
Files installed by the update
Files that are installed
Installed files
Files that are updated by this hotfix
Files that are changed
Changed files
Modified files
Files that were changed in this update
Files copied by Setup
Files in the hotfix
Files in the package
Package contents
Hotfix files
Update files
SP1 branch files
GDR files
Server files
Client files
Common files
Core files
Exchange 2000 base files
Intel files
DLL files
x86 files
32-bit files
File list
List of files
Manifest
Additional files
Additional files for all supported x86-based versions of Windows Vista
Files for systems on which earlier updates are installed
Files for computers that have not been updated
Files for systems without Service Pack 2
Files for all systems before Service Pack 2
Pre-SP4 fix
Post-SP3 fix
Pre-Windows 2000 SP3
Windows XP before SP2
Windows 2000 pre-SP5
Restored functionality update
Removable media driver files
Backup program files
Test Manager files
Log file viewer files
Base Smart Card CSP files
Original equipment manufacturer files
Baseline Security Analyzer
Dateien in diesem Update
In diesem Update enthaltene Dateien
Dateiinformationen
Dateiinformationen nach der Installation
Aktualisierte Dateien
Windows XP, ursprüngliche Version
Fichiers inclus dans cette mise à jour
Informations sur les fichiers
Informations sur les fichiers après l'installation
File inclusi in questo aggiornamento
Informazioni sui file
Archivos incluidos en esta actualización
Información de archivos
Arquivos incluídos nesta atualização
Informações de arquivo
この更新プログラムに含まれるファイル
ファイル情報
更新後のファイル情報
이 업데이트에 포함된 파일
파일 정보
업데이트 후 파일 정보
此更新包含的文件
文件信息
更新后的文件信息
此更新包含的檔案
檔案資訊
Windows Server 2003 RTM 版
Windows Server 2003 初期リリース
Windows Server 2003 (オリジナル版)
";

/// How many rows a page gives that has a fix table and a second table under this heading.
fn rows_below(heading: &str) -> usize {
    let table = |version: &str| {
        format!(
            "| File name | File version | Size |\n|---|---|---|\n| lamp.dll | 5.1.2600.{version} | 10,{version} |\n"
        )
    };
    let page = format!(
        "# A fix for the lamp\n\n_Original KB number:_ &nbsp; 900001\n\n## Resolution\n\n### File information\n\n\
         The English version of this hotfix has the file attributes (or later file attributes) that are listed in the following \
         table.\n\n{}\n#### {heading}\n\n{}",
        table("300"),
        table("200"),
    );
    parse(&page, None).unwrap()[0].fixes.len()
}

#[test]
fn headings_of_other_files_are_no_fix() {
    let wrong_no_fix: Vec<&str> = NO_FIX.lines().filter(|heading| rows_below(heading) != 1).collect();
    let wrong_fix: Vec<&str> = FIX.lines().filter(|heading| rows_below(heading) != 2).collect();
    assert_eq!((wrong_no_fix, wrong_fix), (Vec::new(), Vec::new()));
}

/// The same for the last line of text above a table.
#[test]
fn sentences_about_other_files_are_no_fix() {
    for sentence in [
        "The following files are replaced by this update:",
        "To uninstall the update, restore these files:",
        "If you uninstall the update, the following versions are restored:",
        "Die folgenden Dateien werden durch dieses Update ersetzt:",
        "Deinstallation: Die folgenden Dateien werden wiederhergestellt:",
        "I seguenti file vengono sostituiti da questo aggiornamento:",
        "以下のファイルは削除されます:",
        "Les fichiers suivants sont remplacés par cette mise à jour :",
        "Los siguientes archivos se reemplazan con esta actualización:",
        "The update is not needed if these files are installed:",
        "The problem was introduced by the following files:",
    ] {
        let page = format!(
            "# A fix for the lamp\n\n_Original KB number:_ &nbsp; 900001\n\n## Resolution\n\n### File information\n\n\
             The English version of this update has the file attributes (or later) that are listed in the following table.\n\n\
             | File name | Version |\n|---|---|\n| lamp.dll | 5.1.2600.100 |\n\n{sentence}\n\n\
             | File name | Version |\n|---|---|\n| dark.dll | 5.1.2600.1 |\n"
        );
        let fixes = &parse(&page, None).unwrap()[0].fixes;
        assert_eq!(fixes.iter().map(|fix| fix.file.as_ref()).collect::<Vec<&str>>(), ["lamp.dll"], "{sentence}");
    }
    for heading in ["Rimozione", "Désinstallation", "Deinstallation", "Desinstalación", "Remoção"] {
        assert_eq!(rows_below(heading), 1, "{heading}");
    }
}

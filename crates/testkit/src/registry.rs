//! Registry hives of typical systems, with the values that the program reads.

use crate::hive_builder::{HiveBuilder, Node};

pub const NT: &str = r"Microsoft\Windows NT\CurrentVersion";
pub const CONTROL: &str = r"ControlSet001\Control";

/// A SOFTWARE hive with version, build and service pack; `csd` is empty if there is no service pack.
pub fn software(version: &str, build: &str, csd: &str) -> HiveBuilder {
    let mut hive = HiveBuilder::new(3);
    let key = hive.key(NT).sz("CurrentVersion", version).sz("CurrentBuildNumber", build);
    if !csd.is_empty() {
        key.sz("CSDVersion", csd);
    }
    hive
}

/// Adds typical other values of Windows NT 4.0.
pub fn nt4_details(hive: &mut HiveBuilder) {
    hive.key(NT)
        .sz("CurrentBuild", "1.511.1 () (Obsolete data - do not use)")
        .sz("CurrentType", "Uniprocessor Free")
        .dword("InstallDate", 0x3b00_0000);
}

/// A SYSTEM hive whose current control set has this type, these suites and this service pack.
pub fn system(product_type: &str, suites: &[&str], csd: u32) -> HiveBuilder {
    let mut hive = HiveBuilder::new(3);
    hive.key("Select").dword("Current", 1).dword("Default", 1).dword("Failed", 0).dword("LastKnownGood", 2);
    let options = hive.key(&format!(r"{CONTROL}\ProductOptions")).sz("ProductType", product_type);
    if !suites.is_empty() {
        options.multi_sz("ProductSuite", suites);
    }
    hive.key(&format!(r"{CONTROL}\Windows")).dword("CSDVersion", csd);
    hive.key(&format!(r"{CONTROL}\Session Manager\Environment")).sz("PROCESSOR_ARCHITECTURE", "x86");
    hive
}

/// A hotfix in the older list.
pub fn hotfix<'a>(hive: &'a mut HiveBuilder, name: &str) -> &'a mut Node {
    hive.key(&format!(r"{NT}\HotFix\{name}")).dword("Installed", 1)
}

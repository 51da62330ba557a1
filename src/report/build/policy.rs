//! Views of waivers, required fixes and the baseline.

use super::super::view::{ArticleView, RequirementView, RequirementsView, StatusesView, WaiverView, WarningView};
use super::super::wording;
use crate::KbId;
use crate::assess::{ArticleStatus, Assessment, Baseline, Policy, RequiredFix, RequiredState, Waiver};
use crate::catalog::Catalog;
use crate::inventory::Inventory;

impl WaiverView {
    pub(super) fn of(waiver: &Waiver) -> Self {
        Self {
            reason: waiver.reason.clone(),
            expires: waiver.expires,
            path: waiver.path.as_ref().map(|glob| glob.as_str().to_owned()),
            source: waiver.source.clone(),
        }
    }
}

/// A warning if the baseline is a report of other trees.
pub(super) fn baseline_warning(policy: &Policy, inventory: &Inventory) -> Option<WarningView> {
    policy.baseline.as_ref().filter(|baseline| !baseline.is_of(&inventory.roots)).map(|_| WarningView {
        code: Baseline::OTHER_TREE,
        description: Baseline::OTHER_TREE_DESCRIPTION,
        article: None,
        registry: None,
        file: None,
        copy: None,
        waiver: None,
    })
}

/// A warning for each waiver that has expired or matches nothing.
pub(super) fn waiver_warnings<'a>(
    assessment: &'a Assessment,
    policy: &'a Policy,
) -> impl Iterator<Item = WarningView> + 'a {
    policy.waivers.list.iter().zip(&assessment.waivers).filter_map(|(waiver, state)| {
        Some(WarningView {
            code: state.code()?,
            description: state.description(),
            article: Some(waiver.kb),
            registry: None,
            file: None,
            copy: None,
            waiver: Some(WaiverView::of(waiver)),
        })
    })
}

/// The required fixes; `article` makes the view of one, by its index in the assessment.
pub(super) fn requirements(
    assessment: &Assessment,
    catalog: &Catalog,
    policy: &Policy,
    article: impl Fn(usize) -> ArticleView,
) -> Option<RequirementsView> {
    policy.required.as_ref()?;
    let one = |fix: &RequiredFix| {
        let article = fix.article.map(&article);
        let title = || catalog.article(fix.id).map(|facts| facts.title.clone()).map(Into::into);
        RequirementView {
            id: fix.id,
            title: article.as_ref().map(|article| article.title.clone()).or_else(title),
            state: fix.state,
            status: article.as_ref().map(|a| a.status),
            reason: article.as_ref().map_or_else(|| unknown(catalog, fix.id), wording::why),
        }
    };
    Some(RequirementsView {
        total: assessment.required.len(),
        met: assessment.required.iter().filter(|fix| fix.state == RequiredState::In).count(),
        fixes: assessment.required.iter().map(one).collect(),
    })
}

fn unknown(catalog: &Catalog, id: KbId) -> String {
    let near: Vec<String> = catalog.nearest(id).iter().map(ToString::to_string).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; similar ids in it: {}", near.join(", ")) };
    format!("not in the catalogue{hint}")
}

/// The articles by status.
pub(super) fn statuses(assessment: &Assessment) -> StatusesView {
    let ids = |status| {
        let articles = assessment.articles.iter().filter(move |a| a.status == status && !a.lacks_profile());
        articles.map(|a| a.id).collect()
    };
    StatusesView {
        missing: ids(ArticleStatus::Missing),
        partial: ids(ArticleStatus::Partial),
        likely_missing: ids(ArticleStatus::LikelyMissing),
        unknown: ids(ArticleStatus::Unknown),
        likely_fixed: ids(ArticleStatus::LikelyFixed),
        fixed: ids(ArticleStatus::Fixed),
    }
}

//! Which event goes to which target: a routed type to its routes, everything else to the targets for all.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

use super::Target;

/// A target and the types that go there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) target: Target,
    types: Types,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Types {
    /// The types that are routed there.
    Only(BTreeSet<String>),
    /// Everything but what is routed elsewhere.
    AllBut(BTreeSet<String>),
}

/// One destination for each distinct target.
pub(crate) fn destinations(for_all: &[Target], routes: &[(String, Target)]) -> Vec<Destination> {
    let mut targets: Vec<&Target> = Vec::new();
    for target in for_all.iter().chain(routes.iter().map(|(_, target)| target)) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let types_of = |target: &Target| -> BTreeSet<String> {
        routes.iter().filter(|(_, other)| other == target).map(|(event_type, _)| event_type.clone()).collect()
    };
    let routed: BTreeSet<String> = routes.iter().map(|(event_type, _)| event_type.clone()).collect();
    let destination = |target: &Target| {
        let own = types_of(target);
        let types = match for_all.contains(target) {
            true => Types::AllBut(routed.difference(&own).cloned().collect()),
            false => Types::Only(own),
        };
        Destination { target: target.clone(), types }
    };
    targets.into_iter().map(destination).collect()
}

/// Whether some event goes to more than one of them.
pub(crate) fn overlap<'a>(destinations: impl IntoIterator<Item = &'a Destination> + Clone) -> bool {
    let types = destinations.clone().into_iter().flat_map(|destination| match &destination.types {
        Types::Only(types) | Types::AllBut(types) => types.iter().map(|event_type| Some(event_type.as_str())),
    });
    let takers = |event_type| destinations.clone().into_iter().filter(|to| to.takes(event_type)).count();
    types.chain([None]).any(|event_type| takers(event_type) > 1)
}

impl Destination {
    /// Whether events of this type go there.
    pub(crate) fn takes(&self, event_type: Option<&str>) -> bool {
        match &self.types {
            Types::Only(types) => event_type.is_some_and(|event_type| types.contains(event_type)),
            Types::AllBut(types) => event_type.is_none_or(|event_type| !types.contains(event_type)),
        }
    }

    /// The types that alone go there, where they are named.
    fn only(&self) -> Option<&BTreeSet<String>> {
        match &self.types {
            Types::Only(types) => Some(types),
            Types::AllBut(_) => None,
        }
    }

    /// A name that the same target gets in each run. A new route elsewhere does not change it, so that what still waits is
    /// found again.
    pub(crate) fn name(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(self.target.to_string());
        if let Some(types) = self.only() {
            types.iter().for_each(|event_type| digest.update(format!("\n{event_type}")));
        }
        hex::encode(&digest.finalize()[..5])
    }
}

/// As people know it: the URL, and the types that alone go there.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        match self.only() {
            Some(types) => write!(f, " ({})", types.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::parse(text).expect("a target")
    }

    fn routes(routes: &[(&str, &str)]) -> Vec<(String, Target)> {
        routes.iter().map(|(event_type, to)| ((*event_type).to_owned(), target(to))).collect()
    }

    /// Ports that an event of this type goes to.
    fn ports(destinations: &[Destination], event_type: Option<&str>) -> Vec<u16> {
        let takers = destinations.iter().filter(|destination| destination.takes(event_type));
        takers.map(|destination| destination.target.url().port().expect("a port")).collect()
    }

    #[test]
    fn a_routed_type_goes_to_its_routes_alone() {
        let to = destinations(
            &[target("3000"), target("4000"), target("localhost:3000")],
            &routes(&[("done", "5000"), ("done", "4000"), ("error", "6000"), ("update", "6000")]),
        );
        for (event_type, expected) in [
            (Some("done"), vec![4000, 5000]),
            (Some("error"), vec![6000]),
            (Some("update"), vec![6000]),
            (Some("analysis_error"), vec![3000, 4000]),
            (None, vec![3000, 4000]),
        ] {
            assert_eq!(ports(&to, event_type), expected, "{event_type:?}");
        }
        let routed_only = destinations(&[], &routes(&[("done", "5000")]));
        assert_eq!((ports(&routed_only, Some("error")), ports(&routed_only, None)), (vec![], vec![]));
    }

    #[test]
    fn destinations_overlap_where_an_event_has_two() {
        for (for_all, routed, expected) in [
            (&["3000"][..], &[("done", "4000")][..], false),
            (&["3000", ":3000"], &[], false),
            (&["3000", "4000"], &[], true),
            (&[], &[("done", "3000"), ("error", "4000")], false),
            (&[], &[("done", "3000"), ("done", "4000")], true),
            (&["3000"], &[("done", "3000"), ("done", "4000")], true),
        ] {
            let for_all: Vec<_> = for_all.iter().map(|text| target(text)).collect();
            assert_eq!(overlap(&destinations(&for_all, &routes(routed))), expected, "{for_all:?} {routed:?}");
        }
    }

    #[test]
    fn a_name_stays_while_its_own_part_stays() {
        let name = |for_all: &[&str], routed: &[(&str, &str)], index: usize| {
            let for_all: Vec<_> = for_all.iter().map(|text| target(text)).collect();
            destinations(&for_all, &routes(routed))[index].name()
        };
        let all = name(&["3000"], &[], 0);
        assert_eq!(all, name(&[":3000"], &[("done", "4000")], 0));
        assert_ne!(all, name(&["3000/hook"], &[], 0));
        assert_ne!(all, name(&[], &[("done", "3000")], 0));
        assert_ne!(name(&[], &[("done", "3000")], 0), name(&[], &[("error", "3000")], 0));
        assert_eq!(
            name(&[], &[("done", "3000"), ("error", "3000")], 0),
            name(&[], &[("error", "3000"), ("done", "3000")], 0)
        );
    }
}

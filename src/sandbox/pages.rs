//! Query parameters, and the pages that `limit`, `cursor` and `order` cut out of a list.

use url::form_urlencoded;

use super::refusal::Refusal;

/// The parameters of a request's query.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query. When `strict`, other parameters than `known` are refused.
    pub(super) fn read(query: Option<&str>, known: &[&str], strict: bool) -> Result<Self, Refusal> {
        let pairs: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((unknown, _)) if strict => {
                let unknown: String = unknown.chars().take(60).collect();
                let message = format!("{unknown} is no parameter of this request; there are {}", known.join(", "));
                Err(Refusal::invalid(message))
            }
            _ => Ok(Self(pairs)),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// A flag that is false when left out.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal::invalid(format!("{name} must be true or false"))),
        }
    }

    /// The page that three parameters ask for; `newest_first` when no order is given.
    pub(super) fn page(&self, [limit, cursor, order]: [&str; 3], newest_first: bool) -> Result<Page, Refusal> {
        let limit_given = self.get(limit).map_or(Some(20), |text| text.parse().ok());
        Ok(Page {
            limit: limit_given
                .filter(|number| (1..=100).contains(number))
                .ok_or_else(|| Refusal::invalid(format!("{limit} must be a whole number from 1 to 100")))?,
            cursor: self.get(cursor).map(str::to_owned),
            newest_first: match self.get(order) {
                None => newest_first,
                Some("asc") => false,
                Some("desc") => true,
                Some(_) => return Err(Refusal::invalid(format!("{order} must be asc or desc"))),
            },
        })
    }
}

/// Which part of a list, in which order.
#[derive(Debug, Clone)]
pub(super) struct Page {
    limit: usize,
    /// The id to start after.
    cursor: Option<String>,
    newest_first: bool,
}

impl Page {
    /// What a list shows when nothing else is asked for.
    pub(super) fn first() -> Self {
        Self { limit: 20, cursor: None, newest_first: false }
    }

    /// Cuts the page out of `items`, which are in order of creation; with it comes the cursor of the next one.
    pub(super) fn of<'a, T>(
        &self,
        items: &'a [T],
        id: impl Fn(&T) -> &str,
    ) -> Result<(Vec<&'a T>, Option<String>), Refusal> {
        let mut rest: Box<dyn Iterator<Item = &T>> =
            if self.newest_first { Box::new(items.iter().rev()) } else { Box::new(items.iter()) };
        if let Some(cursor) = &self.cursor {
            let last = rest.find(|item| id(item) == cursor);
            last.ok_or_else(|| Refusal::invalid("the cursor is no id of this list"))?;
        }
        let page: Vec<&T> = rest.by_ref().take(self.limit).collect();
        let more = rest.next().is_some();
        let next = page.last().filter(|_| more).map(|item| id(item).to_owned());
        Ok((page, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["limit", "cursor", "order"];

    fn page(query: &str) -> Result<(Vec<String>, Option<String>), Refusal> {
        let page = Query::read(Some(query), &NAMES, true)?.page(NAMES, true)?;
        let items = ["a", "b", "c", "d", "e"];
        let (items, next) = page.of(&items, |item| item)?;
        Ok((items.into_iter().map(|item| (*item).to_owned()).collect(), next))
    }

    #[test]
    fn a_cursor_is_the_id_to_start_after() {
        for (query, items, next) in [
            ("", "edcba", None),
            ("limit=2", "ed", Some("d")),
            ("limit=2&cursor=d", "cb", Some("b")),
            ("limit=2&cursor=b", "a", None),
            ("limit=1&cursor=b", "a", None),
            ("order=asc&limit=3", "abc", Some("c")),
            ("order=asc&cursor=e", "", None),
        ] {
            let (found, found_next) = page(query).expect(query);
            assert_eq!((found.concat().as_str(), found_next.as_deref()), (items, next), "{query}");
        }
    }

    #[test]
    fn refuses_what_is_not_documented() {
        for query in ["limit=0", "limit=101", "limit=x", "order=up", "cursor=z", "page=2"] {
            page(query).expect_err(query);
        }
    }
}
